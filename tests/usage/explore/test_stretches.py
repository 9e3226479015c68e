"""Time whose spread nobody saw: counted whole where it lies whole, in no bucket where it is longer."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.usage.reference import model
from tests.usage.reference.answers import Answer as Told
from tests.usage.stored import answer_at, make_meter
from usage.books.ingest import store
from usage.explore.query.spans import Span, Step
from usage.explore.reading import numbers
from usage.explore.reading.sums.stretches import Block, Piece, lay
from usage.explore.sheet.block_rows import block_row
from usage.ledger import Quality
from usage.ledger.words import SECOND, microseconds
from usage.models import Stretch

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ("UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe")


def answer(meter, at, tokens):
    return answer_at(
        meter,
        at,
        period_start=MAY,
        period_end=JUNE,
        total_tokens=tokens,
        total_requests=tokens // 10,
        breakdown={"rax-4.0": (tokens // 3, 0), "rax-4.5": (tokens - tokens // 3, 0)},
    )


def told(at, tokens):
    models = {"rax-4.0": {"tokens": tokens // 3}, "rax-4.5": {"tokens": tokens - tokens // 3}}
    starts, ends, when = map(microseconds, (MAY, JUNE, at))
    return Told(when, when, starts, ends, {"tokens": tokens}, models, 300 * SECOND)


@pytest.mark.django_db
@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 20 * 24 * 60), st.integers(0, 5_000)), min_size=1, max_size=8),
    st.lists(st.integers(0, 21 * 24 * 4), min_size=2, max_size=6, unique=True),
    st.sampled_from(ZONES),
)
def test_a_span_claims_what_an_independent_model_does(polls, quarters, zone):
    """The certain sum, and what may be more of the stretches that it cuts, to the token."""
    used, polled = 0, []
    for minutes, more in sorted(dict(polls).items()):
        used += more
        polled.append((MAY + minutes * MINUTE, used))
    team = Team.objects.create(name="Acme", slug=f"s{Team.objects.count()}", time_zone=zone)
    meter = make_meter(team)
    store(answer(meter, at, tokens) for at, tokens in polled)
    line = model.fold([told(at, tokens) for at, tokens in polled]).lines["tokens"]
    edges = [MAY + 15 * MINUTE * quarter for quarter in sorted(quarters)]
    found = numbers.read(team, edges, "tokens", now=JUNE)
    stored = set(Stretch.objects.filter(meter=meter).values_list("start", "end"))
    since, until = microseconds(edges[0]), microseconds(edges[-1])
    assert (found.total, found.more["tokens"]) == claimed(line, since, until, stored)


def claimed(line, since, until, stretches):
    """The sum of what lies whole in a span or between polls that stand close; all of each stretch it cuts."""
    certain = more = 0
    for start, end, _ in line.stretches():
        within = line.total(max(start, since), min(end, until)) if start < until and since < end else 0
        if (start, end) in stretches and (start < since < end or start < until < end):
            more += line.total(start, end)
        else:
            certain += within
    return certain, more


@pytest.fixture
def made(team):
    """An outage of ten hours across a midnight, between hourly polls of a hundred tokens an hour."""
    hours = [hour for hour in range(1, 72) if not 40 < hour < 50]
    meter = make_meter(team)
    store(answer(meter, MAY + HOUR * hour, 100 * hour) for hour in hours)
    return meter


def spans(found):
    return [(block.first, block.last, block.total, block.is_cut) for block in found.blocks]


def test_a_stretch_that_is_longer_than_a_bucket_is_in_none(team, made):
    edges = [MAY + HOUR * hour for hour in range(36, 55)]
    found = numbers.read(team, edges, "tokens", now=JUNE)
    assert spans(found) == [(4, 13, 1_000, False)]
    assert [sum(amounts) for amounts in zip(*found.amounts.values(), strict=True)] == [
        *[100] * 4,
        *[0] * 10,
        *[100] * 4,
    ]
    assert found.covered == tuple([0] * 4 + [3_600 * SECOND] * 10 + [0] * 4)
    assert found.total == 1_800


def test_a_stretch_that_is_shorter_than_the_buckets_it_touches_is_parted_between_them(team, made):
    found = numbers.read(team, [MAY + DAY, MAY + 2 * DAY, MAY + 71 * HOUR], "tokens", now=JUNE)
    assert (spans(found), found.total) == ([], 4_700)
    # A straight line through whole tokens of two models: each of them loses less than one.
    first, second = (sum(amounts) for amounts in zip(*found.amounts.values(), strict=True))
    assert (2_398 < first <= 2_400, first + second) == (True, 4_700)


def test_a_stretch_within_a_bucket_counts_in_it(team, made):
    found = numbers.read(team, [MAY + HOUR * 30, MAY + HOUR * 60], "tokens", now=JUNE)
    assert (spans(found), found.total) == ([], 3_000)


def test_of_a_stretch_that_the_span_cuts_nothing_is_certain(team, made):
    found = numbers.read(team, [MAY + HOUR * hour for hour in range(45, 55)], "tokens", now=JUNE)
    assert spans(found) == [(0, 4, 1_000, True)]
    assert (found.total, found.more["tokens"]) == (400, 1_000)


def test_by_key_a_stretch_is_its_keys(team, made):
    edges = [MAY + HOUR * hour for hour in range(36, 55)]
    by_key = numbers.read(team, edges, "tokens", numbers.BY_KEY, now=JUNE)
    assert [dict(block.amounts) for block in by_key.blocks] == [{(f"meter-{made.pk}",): 1_000}]
    assert by_key.total == 1_800 - 1_000 + 1_000


def test_the_time_of_all_qualities_is_the_length_of_a_bucket(team, made):
    edges = [MAY + HOUR * hour for hour in range(0, 72, 3)]
    for seen, (start, end) in zip(
        numbers.read(team, edges, "tokens", now=JUNE).qualities, pairwise(edges), strict=True
    ):
        assert sum(seen.values()) == (end - start) / timedelta(microseconds=1)


def test_in_time_in_which_nothing_was_used_every_bucket_is_a_known_zero(team):
    meter = make_meter(team)
    store(answer(meter, MAY + HOUR * hour, 70) for hour in (1, 40))
    found = numbers.read(team, [MAY + HOUR * hour for hour in range(2, 30)], "tokens", now=JUNE)
    assert (found.blocks, found.total, set(found.covered)) == ((), 0, {0})


def laid(edges, *stretches):
    pieces = [Piece(1, start, end, "interpolated", {"tokens": {"a": used}}) for start, end, used in stretches]
    return lay(pieces, edges)["tokens"]


def test_stretches_over_the_same_buckets_are_one_block():
    (block,) = laid([0, 10, 20, 30], (1, 25, 7), (2, 29, 8)).joined()
    assert (block.start, block.end, block.total, block.count) == (1, 29, 15, 2)


def test_many_blocks_are_few_and_lose_nothing():
    edges = list(range(0, 1_000, 10))
    blocks = laid(edges, *[(place * 10 + 1, place * 10 + 25, place) for place in range(90)]).joined()
    assert len(blocks) == 41
    assert sum(block.total for block in blocks) == sum(range(90))


def test_a_short_one_is_parted_along_a_straight_line_and_adds_up():
    found = laid([0, 10, 20, 30], (8, 17, 10), (15, 25, 1), (11, 19, 5))
    assert found.inside == {(0, "a"): 2, (1, "a"): 8 + 0 + 5, (2, "a"): 1}
    assert found.certain == 16


def test_of_time_between_close_polls_only_what_lies_within_the_edges_counts():
    piece = Piece(1, 5, 25, "measured", {"tokens": {"a": 20}})
    assert lay([piece], [10, 20])["tokens"].inside == {(0, "a"): 10}


def test_a_block_joined_of_others_reaches_from_the_first_to_the_last():
    stretch = Piece(1, 5, 25, "interpolated", {"tokens": {"a": 3}})
    other = Piece(2, 4, 26, "interpolated", {"tokens": {"b": 4}})
    (block,) = lay([stretch, other], [0, 10, 20, 30])["tokens"].joined()
    assert (block.start, block.end, block.amounts) == (4, 26, {"a": 3, "b": 4})


def test_a_day_that_was_told_whole_says_so() -> None:
    span = Span(MAY, MAY + DAY, Step.HOUR, ZoneInfo("UTC"))
    start, end = microseconds(span.start), microseconds(span.end)
    row = block_row(Block(0, 23, start, end, Quality.TOLD, False, {"rax": 5}), span, is_untold=False)
    assert (row.why, row.is_least) == ("told for the whole day", False)
