"""Whatever providers said, in whatever order it came: counted anew in slices is what the pure fold says."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.jobs import worker
from teams.models import Team
from tests.common.jobs import run_jobs
from tests.undone import undone
from tests.usage.books.test_ingest import answer_of
from tests.usage.stored import assert_stored_equals_fold, make_meter
from tests.usage.worlds import answers
from usage.accounts import recount, sharing
from usage.books import draft, draft_slices
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.ledger import Poll, poll_of
from usage.ledger.words import moment
from usage.models import Meter, SharingSuggestion

numbers = itertools.count()
polls = st.lists(answers(), min_size=2, max_size=14, unique_by=lambda poll: poll.asked)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few polls and rows: a small world takes many."""
    monkeypatch.setattr(draft, "POLLS", 3)
    monkeypatch.setattr(draft_slices, "ROWS", 4_000)
    monkeypatch.setattr(recount, "LAST_POLLS", 1)


def keep(meter: Meter, told: Iterable[Poll]) -> None:
    store(answer_of(poll, meter) for poll in told)


@pytest.mark.django_db
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(polls, st.data())
def test_any_world_is_merged_and_parted_as_the_fold_says(told: list[Poll], data: st.DataObject) -> None:
    with undone():  # or a job of one world that failed would fail all that follow
        team = Team.objects.create(name="Acme", slug=f"acme-{next(numbers)}", time_zone="Asia/Kathmandu")
        first, second = make_meter(team, "One"), make_meter(team, "Two")
        sides = [data.draw(st.sampled_from([first, second])) for _ in told]
        waiting = data.draw(st.integers(0, len(told) // 2))
        pairs = list(zip(sides, told, strict=True))
        for meter, poll in pairs[waiting:]:
            keep(meter, [poll])
        suggestion = SharingSuggestion.objects.create(
            team=team, first=first, second=second, changes=4, noticed_at=moment(0)
        )
        kept = sharing.count_once(suggestion, None, moment(told[0].asked))
        assert kept
        for meter, poll in pairs[:waiting]:
            for _ in range(data.draw(st.integers(0, 4))):
                worker.work(seconds=0)
            keep(meter, [poll])
        run_jobs()
        assert_stored_equals_fold(team, Meter.objects.get(pk=kept.pk))
        assert team_differences(team) == []
        gone = Meter.objects.get(merged_into=kept)
        assert sharing.count_apart(gone, None, moment(told[0].asked))
        run_jobs()
        assert not any(meter_differences(meter) for meter in Meter.objects.for_team(team))
        assert team_differences(team) == []


@pytest.mark.django_db
def test_nothing_stays_of_older_answers_of_another_meter_that_came_while_both_were_counted_once() -> None:
    team = Team.objects.create(name="Acme", slug="acme", time_zone="Asia/Kathmandu")
    late, kept = make_meter(team, "Late"), make_meter(team, "Kept")
    asked = {"late": (hours(2), hours(9)), "kept": (hours(12), hours(20))}
    tell(kept, *asked["kept"])
    suggestion = SharingSuggestion.objects.create(
        team=team, first=late, second=kept, changes=4, noticed_at=moment(0)
    )
    assert sharing.count_once(suggestion, None, moment(hours(20))) == kept
    tell(late, *asked["late"])
    run_jobs()
    assert sharing.count_apart(Meter.objects.get(pk=late.pk), None, moment(hours(20)))
    run_jobs()
    for meter in Meter.objects.for_team(team):
        assert meter_differences(meter) == []
        assert min(meter.knots.filter(firm=True).values_list("at", flat=True)) == min(
            asked[meter.name.lower()]
        )


def hours(count: int) -> int:
    """So many hours after a fixed instant, in microseconds."""
    return 1_700_000_000_000_000 + count * 3_600_000_000


def tell(meter: Meter, *asked: int) -> None:
    """Let a provider tell more at each of these instants, of one period."""
    for number, at in enumerate(asked, 1):
        counts = {"tokens": 100 * number, "requests": number}
        keep(meter, [poll_of(at, at, hours(0), hours(24), counts, {}, 300_000_000)])
