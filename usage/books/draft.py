"""A meter counted anew, in slices, beside its ledger, whose place the draft takes little by little.

Folding months of polls takes seconds, and nobody may wait for it. So the work is cut in two:

1. *Fold.* The polls of the account as it is to be are folded in batches, without a lock, from the knot that
   stands (or from the beginning). Knots, notes and periods go to a draft: a meter that counts for nobody.
2. *Change over.* From the oldest quarter to the newest, in short transactions: in so many quarters the old
   rows of all meters concerned go, those of the drafts' knots come, the team's sums and the days follow by
   the difference, and the knots move from the draft to its meter. So after every transaction everything
   before the boundary is new and everything after it is old, sums and rows agree, and no bucket holds both.

The meters concerned are held meanwhile: their answers are stored raw. What came until then is folded with the
last step, in its lock. A killed worker goes on at the boundary; whatever was folded by then is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from usage.books import inserted_knots, persistence, refold, stretch_rows
from usage.books.answers.answer import READ, stored_poll
from usage.books.inserted_knots import change_team, history_in, keep_openings, knots_within, written
from usage.books.rollups import rollup
from usage.ledger import RULES, Changes, State, extend
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.ledger.words import moment
from usage.models import Annotation, CounterReset, Knot, Meter, Period, Quarter, RawPoll, Series, Stretch
from usage.models.ledger.knots import told_after
from usage.models.meters.fields import FOLDED

# Polls that are folded at once.
POLLS = 300


@dataclass(slots=True)
class Draft:
    """What is counted anew: the meter, whose polls count, and the draft with its place.

    It stands on the knot at `anchor`, which tells of the polls up to `anchored` (None: up to itself), and
    changes nothing before `start`; -1 is the beginning. `seen` is the last poll that was folded, `folded` how
    many were.
    """

    meter: int
    members: list[int]
    draft: int
    anchor: int
    start: int
    seen: int
    folded: int = 0
    anchored: int | None = None

    @property
    def told_until(self) -> int:
        """The last poll that the knot it stands on tells of."""
        return self.anchor if self.anchored is None else self.anchored


@dataclass(frozen=True, slots=True)
class Batch:
    """Polls that were folded, and what followed."""

    polls: int
    seen: int
    state: State | None
    changes: Changes


def reaches_back(batch: Batch, boundary: int) -> bool:
    """Tell whether a batch changes something before the boundary.

    A boundary of a period moved to before it, or the last knot was: answers since then were not believed.
    """
    knots = batch.changes.knots
    goes_on_before = len(knots) > 1 and knots[0].at < boundary
    return goes_on_before or any(knot.at <= boundary for knot in batch.changes.changed)


def begin(meter: Meter, members: Sequence[int], since: int | None) -> Draft:
    """Begin a draft of a meter that counts the polls of `members` anew from `since` (microseconds)."""
    anchor = refold.stand_on(meter, members, since)
    draft = Meter(team=meter.team, name=meter.name, base_url=meter.base_url, status=Meter.Status.DRAFT)
    draft.next_poll_at, draft.merged_into, draft.idle_since = meter.next_poll_at, meter, meter.idle_since
    if anchor:
        draft.ledger_state, draft.watched_from = anchor.ledger_state(), meter.watched_from
    # Folded from the oldest poll that is kept, nothing of it is older.
    draft.rules = RULES if since in {None, refold.BEFORE_ALL} else meter.rules
    draft.save()
    at, polled_at = (anchor.at, anchor.told_at) if anchor else (refold.BEFORE_ALL, refold.BEFORE_ALL)
    return Draft(meter.pk, list(members), draft.pk, at, at, polled_at, anchored=polled_at)


def waiting(draft: Draft) -> QuerySet[RawPoll]:
    """The polls that are still to be folded, oldest first."""
    return RawPoll.objects.after(draft.members, draft.seen)


def is_complete(draft: Draft, since: int | None) -> bool:
    """Tell whether every poll from `since` to the last one was folded: none came late."""
    if since is not None and refold.BEFORE_ALL < since <= draft.told_until:
        meter = Meter.objects.get(pk=draft.meter)
        anchor = refold.stand_on(meter, draft.members, since)
        if anchor is None or anchor.at < draft.anchor:
            return False
    came = RawPoll.objects.after(draft.members, draft.told_until).filter(at__lte=draft.seen)
    return came.count() == draft.folded


def fold(draft: Draft, boundary: int) -> Batch:
    """Fold the next polls; nothing is written. Raises OutOfOrderError where the draft stands too late."""
    ats = list(waiting(draft).values_list("at", flat=True)[:POLLS])
    until = ats[-1] if ats else draft.seen
    # Answers of one instant are folded together.
    raw = list(waiting(draft).filter(at__lte=until).only(*READ))
    meter = Meter.objects.get(pk=draft.draft)
    is_pruned = meter.merged_into is not None and meter.merged_into.pruned_at is not None
    history = history_in(knots_of(draft, boundary), is_pruned=is_pruned)
    polls = [poll for poll in map(stored_poll, raw) if poll]
    resets = CounterReset.objects.of_meters(draft.members).instants()
    state, changes = extend(meter.ledger_state, polls, history, resets)
    return Batch(len(raw), int(until or 0), state, changes)


def save(draft: Draft, batch: Batch) -> None:
    """Put what a batch added to the draft."""
    meter = Meter.objects.get(pk=draft.draft)
    for knot in batch.changes.changed:
        before = knots_of(draft, draft.anchor).filter(at__lt=knot.at).order_by("-at").first()
        draft.start = min(draft.start, before.at if before else knot.at - 1)
    persistence.save_changes([(meter.pk, batch.changes)])
    if batch.changes.first and batch.changes.knots:
        meter.watched_from = moment(batch.changes.knots[0].at)
    persistence.save_states([(meter, batch.state)])
    draft.seen, draft.folded = batch.seen, draft.folded + batch.polls


def knots_of(draft: Draft, boundary: int) -> QuerySet[Knot]:
    """The knots that a draft is made of: its own, and those of its meter that stand or were moved already.

    Of two at one instant its own counts: the knot it stands on may have been raised.
    """
    own = Knot.objects.filter(meter=draft.draft)
    stand = Q(meter=draft.meter, at__lte=max(draft.anchor, boundary)) & ~Q(at__in=own.values("at"))
    return Knot.objects.filter(Q(meter=draft.draft) | stand)


def change_over(
    drafts: Sequence[Draft], ends: Sequence[int], zone: ZoneInfo, boundary: int, first: int, last: int
) -> None:
    """Replace the old rows of quarters first to last by the drafts'. The team is locked.

    Everything before `boundary` (microseconds) is new already. The meters of `ends` count nothing any more.
    """
    for draft in drafts:
        meter = Meter.objects.get(pk=draft.meter)
        since = max(first, quarter_number(draft.start + 1)) if draft.start >= 0 else first
        if since <= last:
            _replace(meter, zone, since, last, knots_of(draft, boundary), draft.start)
    for meter in Meter.objects.filter(pk__in=ends):
        _replace(meter, zone, first, last, Knot.objects.none(), refold.BEFORE_ALL)
    _move(drafts, ends, boundary, last * QUARTER)


def _move(drafts: Sequence[Draft], ends: Sequence[int], boundary: int, until: int) -> None:
    """Let the drafts' knots and notes up to an instant take the place of the old ones since the boundary."""
    for model in (Knot, Annotation):
        rows = model._default_manager.filter(at__lte=until)
        rows.filter(meter__in=ends).delete()
        for draft in drafts:
            stale = rows.filter(meter=draft.meter, at__gt=max(draft.anchor, boundary))
            # The knot it stands on may tell of polls after it: what was noted with them stays.
            stale = stale if model is Knot else stale.filter(told_after(draft.told_until))
            stale.delete()
            if model is Knot:
                drawn = rows.filter(meter=draft.draft).values_list("at", flat=True)
                rows.filter(meter=draft.meter, at__in=list(drawn)).delete()
            rows.filter(meter=draft.draft).update(meter=draft.meter)


def _replace(meter: Meter, zone: ZoneInfo, first: int, last: int, knots: QuerySet[Knot], start: int) -> None:
    """Replace what a meter has in quarters first to last by what knots make; before `start` all stays."""
    since, until = max(start, (first - 1) * QUARTER), last * QUARTER
    around = [knot for knot in knots_within(knots, first, last) if knot.at >= start]
    found = [row for row in quarters(around) if first <= row.number <= last]
    stretches = [stretch for stretch in stretches_of(around) if stretch.end > since]
    ids = rollup.series_ids([meter], stretch_rows.lines([(meter.pk, found, stretches)]))[meter.pk]
    lines = {pk: line for line, pk in ids.items()}
    stale = Quarter.objects.filter(series_id__in=lines, number__gte=first, number__lte=last)
    old = written(stale)
    new = {(ids[row.series], row.number): (row.opening, row.value) for row in found}
    if around and around[0].at == start and quarter_number(start + 1) == first:
        # Knots before the start may be deleted; what moved before it in its quarter stays.
        reached = {pk: around[0].values.get(line, 0) for pk, line in lines.items()}
        keep_openings(old, new, first, reached)
    stale.delete()
    rollup.insert_quarters(rollup.QuarterRow(*key, *amounts) for key, amounts in new.items())
    change_team(meter, zone, lines, old, new)
    rollup.drop_empty(meter.team_id, {line.metric for line in lines.values()}, first, last, zone)
    inserted_knots.rewrite_days(meter, zone, first, last, list(lines))
    stretch_rows.change_over(meter.pk, since, until, stretches)


def finish(drafts: Sequence[Draft], ends: Sequence[int], boundary: int) -> None:
    """Let the drafts be the ledgers of their meters, once all their quarters are. The team is locked."""
    # A note may be later than the last knot: of an answer that was not believed.
    _move(drafts, ends, boundary, refold.AFTER_ALL)
    for draft in drafts:
        meter, done = Meter.objects.get(pk=draft.meter), Meter.objects.get(pk=draft.draft)
        stale = Period.objects.filter(meter=meter)
        if draft.anchor >= 0:
            anchor = Knot.objects.get(meter=meter, at=draft.anchor)
            stale = stale.filter(start__gte=anchor.period_start)
        stale.delete()
        Period.objects.filter(meter=done).update(meter=meter)
        Meter.objects.filter(pk=meter.pk).update(**{name: getattr(done, name) for name in FOLDED})
        done.delete()
    for model in (Series, Stretch, Period):
        model._default_manager.filter(meter__in=ends).delete()


def throw_away(drafts: Iterable[Draft]) -> None:
    """Delete drafts: they are begun anew."""
    for draft in drafts:
        for model in (Knot, Annotation, Period):
            model._default_manager.filter(meter=draft.draft).delete()
        Meter.objects.filter(pk=draft.draft).delete()
