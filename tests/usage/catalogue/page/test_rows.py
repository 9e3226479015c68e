"""Each model has its weeks, as they are added up by hand, the keys that see it, and its line in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from common.database.together import read
from rax import Model
from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.catalogue.page.stage import DAY, HOUR, MODELS, NEW, NOON, OLD, tell, use, words
from tests.usage.polled import run
from usage.catalogue.page.offered import PAST, WIDTH, Line, Scale, Span, spans_of
from usage.catalogue.page.overview import overview
from usage.catalogue.page.weeks import WEEKS, reading_weeks
from usage.models import CatalogueModel, Meter, ModelChange, catalogue

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def row(cast: Cast, name: str):
    return next(row for row in overview(cast.team, {}, NOON).rows if row.model.name == name)


class TestWeeks:
    @pytest.mark.parametrize("week_start", [0, 6])
    @pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/New_York"])
    def test_they_are_those_of_the_teams_calendar(self, cast: Cast, week_start: int, zone: str) -> None:
        cast.team.time_zone, cast.team.week_start = zone, week_start
        cast.team.save()
        by_day = {day: 1_000 + day * day for day in range(2, 24)}
        use(cast.key, "rax-4.0", by_day)
        weeks = read(reading_weeks(cast.team, NOON)).of("rax-4.0")
        expected = dict.fromkeys(weeks.starts, 0)
        for day, tokens in by_day.items():
            # In the hour that ends at two o'clock UTC.
            local = datetime(2026, 11, day, 1, 30, tzinfo=UTC).astimezone(cast.team.zone).date()
            first = local - timedelta(days=(local.weekday() - week_start) % 7)
            expected[first] += tokens
        assert len(weeks.starts) == WEEKS
        certain = [amount.certain for amount in weeks.amounts]
        # A straight line between polls half a second beside the hour moves a token or two over midnight.
        assert certain == pytest.approx([expected[start] for start in weeks.starts], abs=3)
        assert all(amount.is_unknown for amount in weeks.amounts[:7])

    def test_the_page_shows_the_last_one_and_the_running_one(self, cast: Cast) -> None:
        tell(cast.key, [OLD], NOON)
        use(cast.key, "rax-4.0", {10: 70_000, 17: 200_000, 18: 300_000, 23: 40_000})
        assert "500 k last week 40 k this week" in words(cast)

    def test_what_was_never_used_is_nothing_where_time_was_seen(self, cast: Cast) -> None:
        tell(cast.key, [OLD, NEW], NOON)
        use(cast.key, "rax-4.0", {17: 200})
        weeks = row(cast, "rax-4.5").weeks
        assert (weeks.last.certain, weeks.last.is_known, weeks.has_any) == (0, True, False)
        assert weeks.amounts[0].is_unknown

    def test_what_raxdash_ran_counts_where_the_server_tells_no_usage(self, cast: Cast) -> None:
        tell(cast.key, [OLD], NOON)
        meter = use(cast.key, "rax-4.0", {})
        Meter.objects.filter(pk=meter.pk).delete()
        Meter.objects.create(
            team=cast.team, key=cast.key, name="M", status=Meter.Status.NO_USAGE, next_poll_at=NOON + HOUR
        )
        run(cast.key, NOON - HOUR, 900, model="rax-4.0")
        assert row(cast, "rax-4.0").weeks.running.certain == 900


class TestKeys:
    def test_it_says_how_many_keys_see_a_model_and_names_them(self, cast: Cast) -> None:
        others = [make_key(cast.team, cast.bob, f"Key {number}") for number in range(8)]
        for key in (cast.key, *others):
            tell(key, [OLD, NEW] if key.name in {"Key 3", "Main key"} else [NEW], NOON)
        said = words(cast)
        assert "2 of 9 keys Key 3, Main key" in said
        assert "all 9 keys Key 0, Key 1, Key 2, Key 3, Key 4 and 4 more" in said

    def test_keys_that_cannot_be_used_see_nothing(self, cast: Cast) -> None:
        tell(cast.key, [OLD], NOON)
        Key.objects.update(status=Key.Status.REFUSED)
        assert "no key" in words(cast)

    def test_figures_that_differ_by_key_are_all_told(self, cast: Cast) -> None:
        other = make_key(cast.team, cast.bob, "Other")
        tell(cast.key, [OLD], NOON)
        tell(other, [replace(OLD, context_window=32_768)], NOON)
        found = row(cast, "rax-4.0")
        assert (found.window, found.most_tokens) == ("8,192 or 32,768", "4,096")

    def test_a_figure_that_nobody_tells_is_a_dash(self, cast: Cast) -> None:
        tell(cast.key, [NEW], NOON)
        assert row(cast, "rax-4.5").window == "–"


class TestTime:
    def test_a_model_that_vanished_and_came_back_has_two_spans(self, cast: Cast) -> None:
        for days, models in ((9, [OLD]), (7, [NEW]), (3, [OLD, NEW]), (1, [NEW])):
            tell(cast.key, models, NOON - days * DAY)
        model = CatalogueModel.objects.get(name="rax-4.0")
        changes = ModelChange.objects.filter(model=model).order_by("at", "pk")
        assert spans_of(model, changes) == [
            Span(NOON - 9 * DAY, NOON - 7 * DAY),
            Span(NOON - 3 * DAY, NOON - DAY),
        ]

    def test_the_line_ends_now_and_goes_on_to_the_retirement(self) -> None:
        day = NOON.date() + timedelta(days=20)
        scale = Scale.of(NOON, [day])
        line = Line(scale, [Span(NOON - 400 * DAY, None)], [NOON - 10 * DAY, NOON - 100 * DAY], day)
        now = WIDTH * (PAST / (scale.end - scale.start))
        assert line.offered == f"M0.0 8.0H{now:.1f}"
        assert line.ahead.startswith(f"M{now:.1f} ")
        assert len(line.changes) == 1
        assert float(line.now) < float(line.retires) < WIDTH

    def test_nothing_lies_ahead_of_what_is_gone(self) -> None:
        day = NOON.date() + timedelta(days=20)
        scale = Scale.of(NOON, [day])
        assert Line(scale, [Span(NOON - 400 * DAY, NOON - 200 * DAY)], [], day).ahead == ""
        assert Line(scale, [Span(NOON - 400 * DAY, NOON - 200 * DAY)]).offered == ""
        assert Line(scale, [], [], date(9999, 12, 31)).retires == ""


def test_many_models_and_keys_take_no_more_queries_than_a_few(
    cast: Cast, django_assert_max_num_queries
) -> None:
    keys = [cast.key, *(make_key(cast.team, cast.bob, f"Key {number}") for number in range(20))]
    soon = date(2026, 12, 24)
    models = [Model(f"model-{number:03}", context_window=number, retires_on=soon) for number in range(90)]
    for hours, some in ((9, keys), (2, keys[5:])):
        for key in some:
            tell(key, models, NOON - hours * HOUR)
    for key in keys[:5]:
        tell(key, models[:60], NOON - HOUR)
    use(cast.key, "model-070", {22: 10})
    alice = cast.client("alice")
    alice.get(MODELS)
    for query, count in (("", 25), ("?page=4", 15), ("?q=model-07", 10)):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = alice.get(f"{MODELS}{query}")
        assert page.text.count('data-label="Tokens a week"') == count
    assert "model-070</bdi></b> is gone for key <bdi>Main key</bdi>" in page.text


def test_models_are_found_by_name_and_state(cast: Cast) -> None:
    tell(cast.key, [OLD, NEW], NOON - 9 * HOUR)
    tell(cast.key, [NEW], NOON)
    assert [each.model.name for each in overview(cast.team, {"state": "gone"}, NOON).rows] == ["rax-4.0"]
    assert [each.model.name for each in overview(cast.team, {"q": "4.5"}, NOON).rows] == ["rax-4.5"]
    assert "Show all models" in words(cast, "?q=nothing")


def test_it_says_that_an_address_may_name_more_than_are_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(cast.key, [OLD, NEW], NOON)
    assert "as many as are kept" not in words(cast)
    monkeypatch.setattr(catalogue, "MOST_MODELS", 2)
    told = "has named 2 models, as many as are kept of one address. Others that it names are not listed here"
    assert f"{cast.key.base_url} {told}" in words(cast)
