"""Counters at any instant: exact, monotone, and from zero in every period."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax.simulator import PRO, Correction, Key, Load, ManualClock, ModelLoad, Period, Simulator
from rax.simulator.usage.load import Amount
from rax.simulator.usage.meter import Meter
from rax.simulator.usage.periods import parse_period
from tests.rax.simulator.conftest import HELLO, NOON

YEAR = timedelta(days=365)
START = datetime(2025, 1, 1, tzinfo=UTC)
MONTH_END = datetime(2026, 4, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

instants = st.datetimes(
    START.replace(tzinfo=None), (START + YEAR).replace(tzinfo=None), timezones=st.just(UTC)
)
loads = st.builds(
    ModelLoad,
    model=st.sampled_from(["rax-4.0", "rax-4.5"]),
    tokens_per_minute=st.floats(0, 50_000),
    shape=st.sampled_from(["flat", "office", "night", "early"]),
    tokens_per_request=st.integers(1, 5000),
    seed=st.text(max_size=3),
    bursty=st.booleans(),
    most_per_day=st.none() | st.integers(0, 10_000_000),
)


@given(loads, st.lists(instants, min_size=3, max_size=6).map(sorted))
def test_parts_of_a_load_add_up_to_the_whole(load, cuts):
    parts = [load.between(start, end) for start, end in itertools.pairwise(cuts)]
    whole = load.between(cuts[0], cuts[-1])
    assert whole == (sum(part.tokens for part in parts), sum(part.requests for part in parts))
    assert all(part.tokens >= 0 and part.requests >= 0 for part in parts)


@given(st.lists(loads, max_size=3), st.lists(instants, min_size=2, max_size=8).map(sorted))
def test_counters_never_fall_within_a_period(model_loads, polls):
    key = Key("rax_a", PRO, load=Load(tuple(model_loads)))
    simulator = Simulator([key])
    answers = [simulator.counters_at(key, at) for at in polls]
    for before, after in itertools.pairwise(answers):
        if before["period_start"] == after["period_start"]:
            assert before["total_tokens"] <= after["total_tokens"]
            assert before["total_requests"] <= after["total_requests"]


@given(st.lists(loads, max_size=3), instants)
def test_the_total_is_the_sum_of_the_models(model_loads, at):
    key = Key("rax_a", PRO, load=Load(tuple(model_loads)))
    answer = Simulator([key]).counters_at(key, at)
    assert answer["total_tokens"] == sum(row["tokens"] for row in answer["breakdown"].values())
    assert answer["total_requests"] == sum(row["requests"] for row in answer["breakdown"].values())


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 500)), max_size=20), st.integers(0, 1000))
def test_a_meter_knows_what_was_spent_before_any_instant(spendings, second):
    meter = Meter()
    for at, tokens in sorted(spendings):
        meter.record("a", "rax-4.0", Amount(tokens, 1), NOON + at * SECOND)
    spent = meter.between("a", NOON, NOON + second * SECOND).get("rax-4.0", Amount())
    expected = [tokens for at, tokens in spendings if at < second]
    assert spent == (sum(expected), len(expected))


def test_a_day_of_flat_load_is_what_its_hours_say():
    load = ModelLoad("rax-4.0", 100, "flat", seed="x")
    hours = [load.between(NOON + timedelta(hours=n), NOON + timedelta(hours=n + 1)) for n in range(24)]
    assert all(6000 * 0.48 <= hour.tokens <= 6000 * 1.68 for hour in hours)


def test_the_office_sleeps_at_night_and_at_the_weekend():
    load = ModelLoad("rax-4.0", 1000)
    wednesday, sunday = datetime(2026, 3, 18, tzinfo=UTC), datetime(2026, 3, 22, tzinfo=UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)
    night = load.between(wednesday, wednesday + hour)
    morning = load.between(wednesday + 9 * hour, wednesday + 10 * hour)
    assert night.tokens * 10 < morning.tokens
    assert load.between(sunday, sunday + day).tokens * 3 < load.between(wednesday, wednesday + day).tokens


def test_a_model_appears_and_disappears():
    load = ModelLoad("rax-5.0", 60, "flat", since=NOON, until=NOON + timedelta(hours=1))
    assert load.between(NOON - timedelta(days=1), NOON) == (0, 0)
    assert load.between(NOON, NOON + timedelta(days=9)) == load.between(NOON, NOON + timedelta(hours=1))


def test_bursts_move_tokens_within_their_hour_only():
    even, bursty = (ModelLoad("rax-4.0", 1000, "flat", seed="x", bursty=bursty) for bursty in (False, True))
    hour, quarter = timedelta(hours=1), timedelta(minutes=15)
    most = []
    for at in (NOON + n * hour for n in range(48)):
        assert bursty.between(at, at + hour) == even.between(at, at + hour)
        quarters = [bursty.between(at + n * quarter, at + (n + 1) * quarter).tokens for n in range(4)]
        most.append(max(quarters) / sum(quarters))
    assert min(most) < 0.35 < 0.5 < max(most)


def test_a_load_stops_at_the_most_of_its_day_and_begins_anew_with_the_next():
    load = ModelLoad("rax-4.0", 1000, "early", seed="x", most_per_day=50_000)
    midnight, day = NOON - timedelta(hours=12), timedelta(days=1)
    assert load.between(midnight, midnight + day).tokens == 50_000
    assert load.between(midnight + timedelta(hours=12), midnight + day) == (0, 0)
    assert load.between(midnight, midnight + 2 * day).tokens == 100_000


def test_a_correction_lowers_the_counter_until_the_period_ends():
    steady = ModelLoad("rax-4.0", 600, "flat")
    with_fall = Key("a", PRO, load=Load((steady,), (Correction(NOON, "rax-4.0", 5000, 3),)))
    without = Key("b", PRO, load=Load((steady,)))
    simulator = Simulator([with_fall, without])

    def fall(at):
        answers = [simulator.counters_at(key, at) for key in (without, with_fall)]
        return answers[0]["total_tokens"] - answers[1]["total_tokens"]

    assert [fall(NOON - SECOND), fall(NOON), fall(MONTH_END - SECOND), fall(MONTH_END)] == [0, 5000, 5000, 0]


def test_a_new_period_begins_at_zero():
    key = Key("a", PRO)
    simulator = Simulator([key], clock=ManualClock(MONTH_END - SECOND))
    simulator.record(key, "rax-4.0", 10)
    before = simulator.counters_at(key, MONTH_END - SECOND)
    after = simulator.counters_at(key, MONTH_END)
    assert (before["total_tokens"], before["period_end"]) == (10, "2026-03-31T23:59:59Z")
    assert (after["total_tokens"], after["period_start"]) == (0, "2026-04-01T00:00:00Z")
    assert after["breakdown"] == {}


def test_short_periods_follow_each_other_without_a_hole():
    span = parse_period("90").at(NOON + SECOND)
    assert span.start <= NOON + SECOND < span.end
    assert parse_period("90").at(span.end).start == span.end
    assert span.last_second == span.end - SECOND


@pytest.mark.parametrize("text", ["", "week", "0", "-5", "1.5", "²"])
def test_a_period_must_make_sense(text):
    with pytest.raises(ValueError, match="a period is"):
        parse_period(text)


def test_history_is_what_polls_would_have_seen():
    key = Key("a", PRO, load=Load((ModelLoad("rax-4.0", 10),)))
    simulator = Simulator([key], clock=ManualClock(NOON), period=Period(timedelta(days=1)))
    polls = list(simulator.history(key, NOON - timedelta(days=2), NOON, timedelta(hours=8)))
    assert len(polls) == 6
    assert all(answer == simulator.counters_at(key, at) for at, answer in polls)


async def test_counters_grow_by_what_the_answer_cost(pro):
    before = (await pro.get("/usage")).json()
    cost = (await pro.post("/chat/completions", json={"model": "rax-4.5", "messages": HELLO})).json()["usage"]
    after = (await pro.get("/usage")).json()
    assert before["breakdown"] == {}
    assert after["breakdown"] == {"rax-4.5": {"tokens": cost["total_tokens"], "requests": 1}}
    assert (after["total_tokens"], after["total_requests"]) == (cost["total_tokens"], 1)


async def test_polls_count_only_where_the_provider_counts_them(pro, simulator):
    await pro.get("/models")
    simulator.settings.count_polls = True
    await pro.get("/models")
    usage = (await pro.get("/usage")).json()
    assert (usage["total_requests"], usage["breakdown"]) == (2, {})


async def test_refused_requests_cost_nothing(pro):
    await pro.post("/chat/completions", json={"model": "none", "messages": HELLO})
    assert (await pro.get("/usage")).json()["total_requests"] == 0


async def test_days_add_up_to_the_counters(pro, simulator):
    load = Load((ModelLoad("rax-4.0", 70), ModelLoad("rax-4.5", 30)), (Correction(NOON, "rax-4.0", 40),))
    simulator.keys["rax_demo_pro"] = Key("rax_demo_pro", PRO, load=load)
    counters = (await pro.get("/usage")).json()
    dated = (await pro.get("/usage", params={"start_date": "2026-03-01", "end_date": "2026-03-31"})).json()
    assert (
        dated["total_tokens"]
        == counters["total_tokens"]
        == sum(d["tokens"] for d in dated["daily_breakdown"])
    )
    assert dated["total_requests"] == counters["total_requests"]
    assert dated["period"] == {"start": "2026-03-01", "end": "2026-03-31"}
    assert len(dated["daily_breakdown"]) == 18


async def test_the_second_dialect_gives_days_only_when_asked(pro, simulator):
    simulator.settings.dialect = "client"
    assert set((await pro.get("/usage")).json()) == {"total_requests", "total_tokens", "total_cost", "period"}


async def test_the_days_of_a_range_may_be_told_together(pro, simulator):
    simulator.settings.usage_days = False
    told = (await pro.get("/usage", params={"start_date": "2026-03-01", "end_date": "2026-03-02"})).json()
    assert set(told) == {"total_requests", "total_tokens", "total_cost", "period"}
    assert told["period"] == {"start": "2026-03-01", "end": "2026-03-02"}


async def test_dates_may_be_ignored(pro, simulator):
    simulator.settings.usage_dates = False
    assert "breakdown" in (await pro.get("/usage", params={"start_date": "2026-03-01"})).json()


@pytest.mark.parametrize(
    "dates",
    [
        {"start_date": "soon"},
        {"start_date": "2026-03-09", "end_date": "2026-03-08"},
        {"start_date": "1900-01-01", "end_date": "2026-03-08"},
    ],
)
async def test_it_refuses_dates_that_make_no_range(pro, dates):
    assert (await pro.get("/usage", params=dates)).status_code == 400


def test_what_was_spent_survives_a_restart(tmp_path):
    state = tmp_path / "state.jsonl"
    key = Key("a", PRO)
    first = Simulator([key], clock=ManualClock(NOON), state=state)
    first.record(key, "rax-4.0", 10)
    first.meter.close()
    second = Simulator([key], clock=ManualClock(NOON), state=state)
    second.record(key, "rax-4.0", 5)
    second.meter.close()
    assert second.counters_at(key, NOON)["breakdown"] == {"rax-4.0": {"tokens": 15, "requests": 2}}
