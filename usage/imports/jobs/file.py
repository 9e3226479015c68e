"""A file is read by a long job: its days are kept, slice by slice; then what they would change is reckoned.

The file is read anew in each slice, which is faster than to keep what was read of it.
"""

import zlib
from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from common.jobs.kinds import Progress, Write
from common.models import Job
from usage.imports.files import reading
from usage.imports.files.days import Told
from usage.imports.files.reading import FileRead
from usage.imports.files.whom import Accounts
from usage.imports.jobs import preview, store
from usage.imports.jobs.origin import end, origin_of
from usage.models import Import, ImportFile

KIND, WORDS = "usage.import_read", "Reading a file of history"
COUNTED = ("passed", "own", "unfinished", "at_least", "others")
# Days that are kept in one slice: some 30 ms of SQLite's write lock.
DAYS = 2_000


def step(job: Job) -> Write:
    """One slice: days to keep, or an account whose change is reckoned."""
    origin = origin_of(job, Import.State.READING)
    if origin is None:
        return lambda: Progress(is_done=True)
    if preview.is_begun(job):
        return preview.step(job, origin)
    found = read(origin)
    if found.faults:
        return partial(refuse, origin, found)
    at = job.place.get("at", 0)
    return partial(keep, origin, found, at, found.days[at : at + DAYS])


def read(origin: Import) -> FileRead:
    """Read the file of an import."""
    options = origin.options
    content = zlib.decompress(bytes(ImportFile.objects.get(of=origin).content))
    accounts, zone = Accounts.of(origin.team), ZoneInfo(options["zone"])
    return reading.read(content, accounts, zone, origin.created_at, options.get("meter"))


def refuse(origin: Import, found: FileRead) -> Progress:
    """Say what is wrong with the file, and forget it."""
    end(origin, Import.State.FAULTY, faults={"shown": found.faults.shown, "count": found.faults.count})
    return Progress(is_done=True)


def keep(origin: Import, found: FileRead, at: int, days: Sequence[Told]) -> Progress:
    """Keep some days; after the last of them, reckon what all of them change."""
    store.write_file(origin, days)
    done = at + len(days)
    if done < len(found.days):
        return Progress({"at": done}, done, len(found.days))
    told = {name: getattr(found, name) for name in COUNTED}
    Import.objects.filter(pk=origin.pk).update(options=origin.options | told)
    return preview.begin(origin)
