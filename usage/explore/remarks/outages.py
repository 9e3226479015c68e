"""Time that nobody saw, as remarks: to the minute where it is known whose it is, else by buckets."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, takewhile

from common.templatetags.names import isolated
from common.templatetags.numbers import percent
from usage.explore.reading.lapses import Lapse, together
from usage.explore.remarks.remark import Link, Remark
from usage.explore.remarks.times import Times
from usage.explore.sheet.marks import LATE, LEAST_UNSEEN, Mark
from usage.explore.sheet.short_names import ends
from usage.explore.sheet.tables import Row

# Of more outages the longest are told; the table marks all of them.
MOST_OUTAGES = 20
# So many accounts are named.
MOST_NAMES = 2
SHORTEST = timedelta(minutes=1)
WORDS = {
    (False, False): ("not seen.", "Nothing is known of it."),
    (False, True): ("not seen in part", "What is shown is at least what was used."),
    (True, False): ("not seen yet.", "Polls were missed; the next one that comes tells it."),
    (True, True): ("not seen yet in part", "Polls were missed; the next one that comes tells the rest."),
}
LAPSED = "What is shown is at least what was used."
SUMMED = "What was used is known, but not when within this time."
SELDOM = "What was used between two polls is known, but not when between them."

# The links of an outage: its lapses, none where it is not known whose it is, and from when to when it was.
type Links = Callable[[Sequence[Lapse], datetime, datetime], tuple[Link, ...]]


def outages(
    rows: Sequence[Row],
    since: datetime | None,
    times: Times,
    lapses: Iterable[Lapse] = (),
    links: Links = lambda *_: (),
    accounts: int = 0,
    late_since: datetime | None = None,
) -> list[Remark]:
    """The longest times in which something was not seen: `lapses` together where they overlap, and runs of
    buckets of which none tells. Nobody looked before `since`; that is no outage. Of as many as `accounts`,
    all that there are, no name is told. Polls that are late are so `late_since` then.
    """
    groups = list(together([lapse for lapse in lapses if _is_visible(lapse, rows)]))
    told = [_lapsed(group, times, links, accounts) for group in groups]
    unseen = [lapse for group in groups for lapse in group if not lapse.is_summed]
    known = [_known(row, since, times.now) for row in rows if since is None or row.end > since]
    runs = [list(run) for kind, run in groupby(known, key=_run_of) if kind]
    untold = [run for run in runs if not any(_tells(lapse, run) for lapse in unseen)]
    remarks = [*told, *(_run(run, [since, late_since], times, links) for run in untold)]
    return sorted(remarks, key=lambda remark: remark.start - (remark.end or remark.start))[:MOST_OUTAGES]


def _is_visible(lapse: Lapse, rows: Sequence[Row]) -> bool:
    """Tell whether it is long enough to be seen in the buckets that it lies in."""
    first = max(bisect_right(rows, lapse.start, key=lambda row: row.start) - 1, 0)
    own = takewhile(lambda row: row.start < lapse.end, rows[first:])
    if not lapse.is_summed:
        return any(row.unseen for row in own)
    return any(lapse.end - lapse.start >= LEAST_UNSEEN * (row.end - row.start) for row in own)


def _lapsed(group: Sequence[Lapse], times: Times, links: Links, accounts: int) -> Remark:
    start, end = group[0].start, max(lapse.end for lapse in group)
    what, sentence = _said(group)
    lead = f"{times.between(start, end)}{_who(group, accounts)} {what}."
    return Remark(start, end, lead, sentence, links=links(group, start, end))


def _said(group: Sequence[Lapse]) -> tuple[str, str]:
    """What happened, and what is known of it."""
    if not group[0].is_summed:
        return "not seen", LAPSED
    is_seldom = sum(lapse.parts for lapse in group) > count_of(group)
    return ("seldom polled", SELDOM) if is_seldom else ("not polled", SUMMED)


def count_of(group: Sequence[Lapse]) -> int:
    """How many accounts some lapses are of; those of several at once are not told apart."""
    several = max(lapse.accounts for lapse in group)
    return max(several, len({lapse.account for lapse in group}))


def _who(group: Sequence[Lapse], accounts: int) -> str:
    """Whose lapses they are, with a colon; nothing where they are of all."""
    count, names = count_of(group), sorted({name for lapse in group for name in lapse.names})
    if count >= accounts > 0:
        return ""
    if not names:
        return f", {count:,} of {accounts:,} keys:" if accounts else ""
    shown, others = [isolated(ends(name)) for name in names[:MOST_NAMES]], count - min(len(names), MOST_NAMES)
    if others > 0:
        return f", {', '.join(shown)} and {others:,} more:"
    return f", {' and '.join(shown)}:"


def _tells(lapse: Lapse, run: Sequence[Row]) -> bool:
    """Tell whether a lapse is why a run of buckets was not seen; polls that are late are another reason."""
    kind = _kind(run[0])
    return not (kind and kind[0]) and lapse.start < run[-1].end and run[0].start < lapse.end


def _known(row: Row, since: datetime | None, now: datetime) -> Row:
    """A bucket from the moment on when somebody looked: what of it fell before is no part of an outage."""
    if since is None or row.start >= since:
        return row
    left = _unseen([row], now) - (since - row.start)
    share = max(left / (min(row.end, now) - since), 0.0) if since < now else 0.0
    return replace(row, start=since, unseen=share if share >= LEAST_UNSEEN else 0.0)


def _kind(row: Row) -> tuple[bool, bool] | None:
    """Whether polls are late, and whether only a part was not seen; None where everything was."""
    if not row.unseen or row.mark == Mark.TO_COME:
        return None
    return row.mark in LATE, row.unseen < 1


def _run_of(row: Row) -> tuple[bool, bool] | None:
    """What rows of one run have in common. Where polls are late the first and the last are so in part."""
    kind = _kind(row)
    return (True, True) if kind and kind[0] else kind


def _run(run: Sequence[Row], since: Sequence[datetime | None], times: Times, links: Links) -> Remark:
    """A run of buckets that begins no sooner than watching did or, where polls are late, than these were."""
    is_late, is_part = _kind(run[0]) or (False, False)
    start, end = max(filter(None, (run[0].start, *since[: 1 + is_late]))), run[-1].end
    share = _unseen(run, end) / (end - run[0].start)
    if is_late:
        end = max(min(end, times.now), start + SHORTEST)
        share = min(_unseen(run, end) / (end - start), 1.0)
        is_part = share < 1 - LEAST_UNSEEN
    lead, sentence = WORDS[is_late, is_part]
    if is_part:
        lead = f"{lead} ({percent(100 * share)})."
    return Remark(start, end, f"{times.between(start, end)} {lead}", sentence, links=links((), start, end))


def _unseen(run: Sequence[Row], end: datetime) -> timedelta:
    """How much of a run was not seen up to an instant; of a bucket that goes on it is of what has passed."""
    return sum((row.unseen * (min(row.end, end) - row.start) for row in run), timedelta())
