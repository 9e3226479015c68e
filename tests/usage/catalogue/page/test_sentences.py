"""The page says in sentences which models are gone or retire though keys use them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.catalogue.page.stage import DAY, HOUR, NEW, NOON, OLD, tell, use, words
from tests.usage.polled import run
from usage.models import CatalogueModel

TODAY = NOON.date()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def retiring(cast: Cast, days: int) -> None:
    tell(cast.key, [replace(OLD, retires_on=TODAY + timedelta(days=days))], NOON - DAY)


class TestGone:
    @pytest.fixture(autouse=True)
    def gone(self, cast: Cast) -> None:
        """rax-4.0 is not told of since this morning."""
        tell(cast.key, [OLD, NEW], NOON - 9 * HOUR)
        tell(cast.key, [NEW], NOON - HOUR)

    @pytest.mark.parametrize(
        ("day", "when"), [(23, "today"), (22, "yesterday"), (20, "3 days ago"), (10, "13 days ago")]
    )
    def test_it_says_which_key_used_it_last_and_when(self, cast: Cast, day: int, when: str) -> None:
        use(cast.key, "rax-4.0", {5: 100, day: 500})
        assert f"rax-4.0 is gone; key Main key used it {when}." in words(cast)

    def test_what_nobody_used_lately_is_no_news(self, cast: Cast) -> None:
        use(cast.key, "rax-4.0", {9: 500})
        assert "is gone" not in words(cast)

    def test_another_model_is_no_news(self, cast: Cast) -> None:
        use(cast.key, "rax-4.5", {22: 500})
        assert "is gone" not in words(cast)

    def test_the_latest_come_first_and_three_are_named(self, cast: Cast) -> None:
        for number, day in enumerate((19, 22, 21, 20)):
            use(make_key(cast.team, cast.bob, f"Key {number}"), "rax-4.0", {day: 10})
        said = words(cast)
        assert "rax-4.0 is gone; key Key 1 used it yesterday, key Key 2 used it 2 days ago, key Key 3" in said
        assert "used it 3 days ago, and 1 more key lately." in said

    def test_what_raxdash_ran_counts(self, cast: Cast) -> None:
        run(cast.key, NOON - DAY, 10, model="rax-4.0")
        assert "rax-4.0 is gone; key Main key used it yesterday." in words(cast)

    def test_what_came_back_is_not_gone(self, cast: Cast) -> None:
        use(cast.key, "rax-4.0", {22: 500})
        tell(cast.key, [OLD, NEW], NOON)
        assert "is gone" not in words(cast)

    def test_a_key_at_another_address_did_not_use_it(self, cast: Cast) -> None:
        other = make_key(cast.team, cast.bob, "Other")
        Key.objects.filter(pk=other.pk).update(base_url="https://other.example.com")
        other.refresh_from_db()
        use(other, "rax-4.0", {22: 10})
        assert "is gone" not in words(cast)


def test_a_model_may_be_gone_for_one_key_alone(cast: Cast) -> None:
    other = make_key(cast.team, cast.bob, "Other")
    for key in (cast.key, other):
        tell(key, [OLD, NEW], NOON - 9 * HOUR)
        use(key, "rax-4.0", {22: 10})
    tell(other, [OLD, NEW], NOON - HOUR)
    tell(cast.key, [NEW], NOON - HOUR)
    said = words(cast)
    assert "rax-4.0 is gone for key Main key, which used it yesterday." in said
    assert "Offered no more to Main key; other keys see it" in said
    assert "Disappeared" not in said


class TestRetiring:
    def test_it_says_in_how_many_days_and_how_many_keys_used_it_this_week(self, cast: Cast) -> None:
        retiring(cast, 23)
        for number, day in enumerate((17, 19, 22, 23, 16)):
            use(make_key(cast.team, cast.bob, f"Key {number}"), "rax-4.0", {day: 10})
        said = "rax-4.0 retires in 23 days; 4 keys used it this week. 16 Dec 2026, as the provider tells."
        assert said in words(cast)

    def test_one_key_is_one(self, cast: Cast) -> None:
        retiring(cast, 1)
        use(cast.key, "rax-4.0", {22: 10})
        assert "rax-4.0 retires in 1 day; 1 key used it this week." in words(cast)

    def test_it_is_said_though_nobody_uses_it(self, cast: Cast) -> None:
        retiring(cast, 0)
        assert "rax-4.0 retires today; no key used it this week." in words(cast)

    def test_many_that_nobody_uses_are_folded_away_behind_one_that_somebody_does(self, cast: Cast) -> None:
        names = ["rax-4.0", *(f"old-{number}" for number in range(4))]
        tell(cast.key, [replace(OLD, id=name, retires_on=TODAY + DAY) for name in names], NOON - DAY)
        use(cast.key, "rax-4.0", {22: 10})
        said = words(cast)
        used, folded, unused = (
            said.index(each)
            for each in ("1 key used it this week", "4 more models retire; no key used", "old-0 retires")
        )
        assert used < folded < unused

    @pytest.mark.parametrize("days", [180, -180])
    def test_it_is_shown_within_180_days(self, cast: Cast, days: int) -> None:
        retiring(cast, days)
        assert "retire" in words(cast)

    @pytest.mark.parametrize("days", [181, -181, 365_000])
    def test_it_is_not_shown_beyond(self, cast: Cast, days: int) -> None:
        tell(cast.key, [OLD], NOON - 2 * DAY)
        retiring(cast, days)
        day = (TODAY + timedelta(days=days)).isoformat()
        said = words(cast)
        assert CatalogueModel.objects.get().retires_on == date.fromisoformat(day)
        assert "retires" not in said
        assert "will retire" not in said.lower()

    def test_what_was_to_retire_and_is_still_there_says_so(self, cast: Cast) -> None:
        retiring(cast, -3)
        assert "rax-4.0 was to retire 3 days ago and is still on offer; no key used it" in words(cast)

    def test_what_is_gone_retires_no_more(self, cast: Cast) -> None:
        retiring(cast, 23)
        tell(cast.key, [NEW], NOON)
        assert "retires in" not in words(cast)

    def test_the_next_one_comes_first(self, cast: Cast) -> None:
        late, soon = (TODAY + timedelta(days=days) for days in (30, 5))
        tell(cast.key, [replace(OLD, retires_on=late), replace(NEW, retires_on=soon)], NOON)
        said = words(cast)
        assert said.index("rax-4.5 retires in 5 days") < said.index("rax-4.0 retires in 30 days")

    def test_an_announcement_is_a_change(self, cast: Cast) -> None:
        tell(cast.key, [OLD], NOON - 2 * DAY)
        retiring(cast, 23)
        assert "Will retire on 16 Dec 2026" in words(cast)
