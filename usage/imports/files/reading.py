"""A file read whole: the days that it tells, what is wrong with it, and what of it is passed over."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from usage.imports.files.columns import Columns
from usage.imports.files.days import Told, days_of
from usage.imports.files.faults import Faults, Unreadable
from usage.imports.files.lines import rows_of, text_of
from usage.imports.files.rows import RowReader
from usage.imports.files.whom import Accounts

NO_ROWS = "It has heads of columns, and no row below them."
NO_KEY = "No column names keys: choose below whose numbers these are, or export by key."
NOTHING = "None of its rows ({:,}) tells a number of a time that is over, counted by a provider."


# Is told at which line a reader is, after so many rows: a second of work at most.
EVERY = 20_000

type FileRow = tuple[int, list[str]]
type Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file tells. Where there are `faults`, nothing of it is to be taken.

    `passed` counts rows without a number, `own` those of raxdash's own runs, `unfinished` those of a time
    that was not over: these are not taken. `at_least` are rows that say so of their numbers; `others` are
    heads of columns that are not read.
    """

    days: list[Told]
    faults: Faults
    passed: int = 0
    own: int = 0
    unfinished: int = 0
    at_least: int = 0
    others: tuple[str, ...] = ()


def read(
    content: bytes,
    accounts: Accounts,
    zone: ZoneInfo,
    now: datetime,
    meter: int | None = None,
    tell: Tell = lambda line: None,
) -> FileRead:
    """Read a file; times without an offset are of the zone, rows that name no key are of `meter`. Who waits
    is told now and then at which line it is.
    """
    faults = Faults()
    try:
        return _read(content, RowReader(Columns({}, ()), accounts, zone, now, meter, faults), tell)
    except Unreadable as error:
        faults.add(0, str(error))
        return FileRead([], faults)


def _read(content: bytes, reader: RowReader, tell: Tell) -> FileRead:
    rows = _telling(rows_of(text_of(content)), tell)
    heads = [cells for _, cells in islice(rows, 1)]
    reader.columns = columns = Columns.of(heads[0])
    if not columns.names_keys and reader.meter is None:
        raise Unreadable(NO_KEY)
    days = days_of(reader.read(rows), reader.faults)
    passed = reader.passed, reader.own, reader.unfinished
    if not days and not reader.faults:
        raise Unreadable(NOTHING.format(sum(passed)) if any(passed) else NO_ROWS)
    return FileRead(days, reader.faults, *passed, reader.at_least, columns.others)


def _telling(rows: Iterable[FileRow], tell: Tell) -> Iterator[FileRow]:
    for count, (line, cells) in enumerate(rows):
        if count % EVERY == EVERY - 1:
            tell(line)
        yield line, cells
