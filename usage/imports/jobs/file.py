"""A file is read by a long job: first all of it, then its days are kept, slice by slice; and then what they
would change is reckoned. What was read takes the place of the file meanwhile.
"""

import zlib
from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

import orjson

from common.jobs import worker
from common.jobs.kinds import Progress, Write
from common.models import Job
from usage.imports.files import reading
from usage.imports.files.reading import FileRead
from usage.imports.files.whom import Accounts
from usage.imports.jobs import preview, store
from usage.imports.jobs.origin import end, origin_of
from usage.imports.jobs.store import FileDay
from usage.models import Import, ImportFile

KIND, WORDS = "usage.import_read", "Reading a file of history"
# Files wait for a moment only.
FAST = 1
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
    if "at" in job.place:
        return partial(keep, origin, job.place["at"], days_of(origin))
    found = read(job, origin)
    if found.faults:
        return partial(refuse, origin, found)
    days = orjson.dumps([tuple(FileDay.of(day)) for day in found.days])
    return partial(begin, origin, found, zlib.compress(days, FAST))


def read(job: Job, origin: Import) -> FileRead:
    """Read the file of an import. A large one takes its time: meanwhile the job is held, and says so."""
    options = origin.options
    content = zlib.decompress(bytes(ImportFile.objects.get(of=origin).content))
    accounts, zone, lines = Accounts.of(origin.team), ZoneInfo(options["zone"]), content.count(b"\n") + 1
    tell = partial(worker.tell, job, total=lines)
    return reading.read(content, accounts, zone, origin.created_at, options.get("meter"), tell)


def refuse(origin: Import, found: FileRead) -> Progress:
    """Say what is wrong with the file, and forget it."""
    end(origin, Import.State.FAULTY, faults={"shown": found.faults.shown, "count": found.faults.count})
    return Progress(is_done=True)


def begin(origin: Import, found: FileRead, days: bytes) -> Progress:
    """Put the days that were read in the place of the file."""
    ImportFile.objects.filter(of=origin).update(content=days)
    told = {name: getattr(found, name) for name in COUNTED}
    Import.objects.filter(pk=origin.pk).update(options=origin.options | told)
    return Progress({"at": 0}, 0, len(found.days))


def days_of(origin: Import) -> list[FileDay]:
    """The days that were read."""
    content = zlib.decompress(bytes(ImportFile.objects.get(of=origin).content))
    return [FileDay(*day) for day in orjson.loads(content)]


def keep(origin: Import, at: int, days: Sequence[FileDay]) -> Progress:
    """Keep some days from a place on; after the last of them, reckon what all of them change."""
    store.write_file(origin, days[at : at + DAYS])
    done = at + DAYS
    return preview.begin(origin) if done >= len(days) else Progress({"at": done}, done, len(days))
