"""What holds in every world, as statements about one world and what the model makes of it.

They are invariants 1 to 7 and 9 of the rules, checked against the truth wherever the truth decides. The
others speak of stored rows, of reports and of pages.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from tests.usage.reference.answers import DAY, HOUR, SECOND, STALE, TOKENS
from tests.usage.reference.claims import claim
from tests.usage.reference.lines import (
    CORRECTION,
    HOLE,
    MODEL,
    MOVED,
    NOT_SEEN,
    TAIL,
    TOTAL,
    UNATTRIBUTED,
)
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.random_worlds import SEATS
from tests.usage.reference.worlds import World

Invariant = Callable[[World, Ledger], None]
EVER = (0, 10**20)
ZONES = ("Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")


def parts_sum_to_the_whole(world: World, ledger: Ledger) -> None:
    since, until = world.watched()
    dice = Random(until)
    for line in ledger.lines.values():
        cuts = sorted([since, until, *(dice.randint(since, until) for _ in range(9))])
        bars = [line.total(start, end) for start, end in pairwise(cuts)]
        assert sum(bars) == line.total(since, until)


def local_days_sum_to_the_whole(world: World, ledger: Ledger) -> None:
    since, until = world.watched()
    line = ledger.lines[TOKENS]
    for zone in map(ZoneInfo, ZONES):
        days = [midnight(since, zone)]
        while days[-1] < until:
            days.append(midnight(days[-1], zone, days=1))
        assert sum(map(line.total, days, days[1:])) == line.total(days[0], days[-1])


def midnight(instant: int, zone: ZoneInfo, days: int = 0) -> int:
    local = datetime.fromtimestamp(instant // SECOND, UTC).astimezone(zone)
    day = datetime(local.year, local.month, local.day, tzinfo=zone) + timedelta(days=days)
    return int(day.timestamp()) * SECOND


def exact_periods_show_what_was_told_last(world: World, ledger: Ledger) -> None:
    for metric, line in ledger.lines.items():
        for period in ledger.periods:
            assert period.inexact or period.shown(line) == period.told[metric]


def order_and_repetition_say_nothing(world: World, ledger: Ledger) -> None:
    answers = world.answers() * 2
    Random(len(answers)).shuffle(answers)
    again = fold(answers, world.resets, SEATS)
    assert (again.lines, again.periods, again.seats) == (ledger.lines, ledger.periods, ledger.seats)
    assert (again.notes, again.fell_by) == (ledger.notes, ledger.fell_by)


def one_more_answer_moves_nothing_between_knots(world: World, ledger: Ledger) -> None:
    if not world.certain or world.resets or world.nonsense or len(world.tellings) < 2:
        return
    place = len(world.answers()) // 2
    fewer = replace(world, tellings=world.tellings[:place] + world.tellings[place + 1 :])
    if world.kind in {"plain", "with costs", "without ends", "lagging"}:
        before = fold(fewer.answers(), seats=SEATS).lines[TOKENS]
        for start, end, quality in before.stretches():
            if quality not in {TAIL, HOLE} and end not in {telling.ends for telling in world.tellings}:
                assert before.total(start, end) == ledger.lines[TOKENS].total(start, end)


def what_is_shown_is_what_was_seen(world: World, ledger: Ledger) -> None:
    shown, line = ledger.shown(TOKENS), ledger.lines[TOKENS]
    if world.certain:
        assert shown == [world.used([span]) for span in world.seen()]
        assert line.total(*EVER) == world.used([world.watched()]) - world.used(world.unseen())
    else:
        assert line.total(*EVER) <= world.used([EVER])


def what_nobody_saw_is_flagged(world: World, ledger: Ledger) -> None:
    if world.kind not in {"plain", "with costs", "lagging", "without ends", "ragged", "corrected"}:
        return
    for line in ledger.lines.values():
        for span in world.unseen():
            assert set(line.qualities(*span)) <= {TAIL, HOLE}


def a_lower_bound_says_so(world: World, ledger: Ledger) -> None:
    if world.kind in {"flapping", "mixed", "clocks"}:  # nobody can know how old a copy is
        return
    since, until = world.watched()
    line = ledger.lines[TOKENS]
    if line.total(*EVER) < world.used([(since, until)]):
        assert claim(ledger.lines, TOKENS, since, max(until, line.last.at)).sureness != "known"


def only_corrections_draw_below_zero(world: World, ledger: Ledger) -> None:
    for line in ledger.lines.values():
        for series in {TOTAL, *line.series()} - {UNATTRIBUTED}:
            for start, end, quality in line.stretches():
                assert line.shown(series, start, end) >= 0 or quality == CORRECTION


def models_and_the_rest_are_the_total(world: World, ledger: Ledger) -> None:
    for line in ledger.lines.values():
        for knot in line.knots:
            assert sum(knot.of(series) for series in line.series()) == knot.of(TOTAL)


def no_model_is_shown_with_more_than_it_used(world: World, ledger: Ledger) -> None:
    line = ledger.lines[TOKENS]
    for series in line.series():
        if series.kind == MODEL and world.kind != "corrected":
            assert line.value(series, EVER[1]) <= world.used([EVER], series.name)
    if world.certain:
        assert line.value(UNATTRIBUTED, EVER[1]) >= 0


def qualities_fill_every_bucket(world: World, ledger: Ledger) -> None:
    since, until = world.watched()
    for line in ledger.lines.values():
        for start in range(since - HOUR, until + HOUR, DAY):
            assert sum(line.qualities(start, start + DAY).values()) == DAY
        assert MOVED not in line.qualities(*EVER) or not world.certain
        assert NOT_SEEN in line.qualities(*EVER)


def every_answer_has_one_reason(world: World, ledger: Ledger) -> None:
    reasons = [answer for answer, _ in ledger.reasons]
    assert sorted(map(id, reasons)) == sorted({id(answer) for answer in reasons})
    assert {answer.rank() for answer in reasons} == {answer.rank() for answer in world.answers()}
    assert all(reason != STALE for _, reason in ledger.reasons[:1])


INVARIANTS: tuple[Invariant, ...] = (
    parts_sum_to_the_whole,
    local_days_sum_to_the_whole,
    exact_periods_show_what_was_told_last,
    order_and_repetition_say_nothing,
    one_more_answer_moves_nothing_between_knots,
    what_is_shown_is_what_was_seen,
    what_nobody_saw_is_flagged,
    a_lower_bound_says_so,
    only_corrections_draw_below_zero,
    models_and_the_rest_are_the_total,
    no_model_is_shown_with_more_than_it_used,
    qualities_fill_every_bucket,
    every_answer_has_one_reason,
)
