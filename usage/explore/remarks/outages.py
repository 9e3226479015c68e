"""Time that nobody saw, as remarks: neighbouring buckets of a sheet as one outage."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from common.templatetags.numbers import percent
from usage.explore.remarks.remark import Remark
from usage.explore.remarks.times import Times
from usage.explore.sheet.marks import LATE, Mark
from usage.explore.sheet.tables import Row

# Of more outages the longest are told; the table marks all of them.
MOST_OUTAGES = 20
WORDS = {
    (False, False): ("not seen.", "Nothing is known of it."),
    (False, True): ("not seen in part", "What is shown is at least what was used."),
    (True, False): ("not seen yet.", "Polls were missed; the next one that comes tells it."),
    (True, True): ("not seen yet in part", "Polls were missed; the next one that comes tells the rest."),
}


def outages(rows: Sequence[Row], since: datetime | None, times: Times) -> list[Remark]:
    """The longest runs of buckets in which something was not seen. Nobody looked before `since`; that is no
    outage.
    """
    known = [row for row in rows if since is None or row.end > since]
    runs = [list(run) for kind, run in groupby(known, key=_kind) if kind]
    longest = sorted(runs, key=lambda run: run[0].start - run[-1].end)[:MOST_OUTAGES]
    return [_remark(run, since, times) for run in longest]


def _kind(row: Row) -> tuple[bool, bool] | None:
    """Whether polls are late, and whether only a part was not seen; None where everything was."""
    if not row.unseen or row.mark == Mark.TO_COME:
        return None
    return row.mark in LATE, row.unseen < 1


def _remark(run: Sequence[Row], since: datetime | None, times: Times) -> Remark:
    start, end = max(filter(None, (run[0].start, since))), run[-1].end
    kind = _kind(run[0]) or (False, False)
    lead, sentence = WORDS[kind]
    if kind[1]:
        lead = f"{lead} ({percent(100 * _share(run))})."
    return Remark(start, end, f"{times.between(start, end)} {lead}", sentence)


def _share(run: Sequence[Row]) -> float:
    """Which part of a run was not seen."""
    lengths = [(row.end - row.start).total_seconds() for row in run]
    unseen = sum(row.unseen * length for row, length in zip(run, lengths, strict=True))
    return unseen / sum(lengths)
