"""Keys of one account are noticed, and counted once when somebody says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rax.simulator import Simulator, running_simulator
from rax.simulator.keys import PRO, Key
from tests.usage import polled
from tests.usage.accounts.counting import count_apart, count_once
from tests.usage.conftest import make_key
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.totals import totals
from usage.accounts import overview, sharing
from usage.books import ingest
from usage.books.verify import meter_differences, team_differences
from usage.ledger.words import moment
from usage.models import Meter, RawPoll, SharingSuggestion
from usage.polls import polling
from usage.quota.listing import quota_list

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def provider(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    keys = [Key(f"rax_{name}", PRO, account) for name, account in (("a", "one"), ("b", "one"), ("c", "two"))]
    with running_simulator(Simulator(keys)) as server:
        yield server


@pytest.fixture
def keys(team, provider):
    return [make_key(team, name, provider.base_url, f"rax_{name}") for name in "abc"]


def live(provider, rounds, start=0):
    """Use both accounts and poll, several times."""
    for number in range(start, start + rounds):
        for secret, tokens in (("rax_a", 700 + number), ("rax_c", 650 + number)):
            provider.simulator.record(provider.simulator.keys[secret], "rax-4.0", tokens)
        polling.poll_now(timezone.now() + number * MINUTE)


def month(team):
    now = timezone.now()
    return totals(team, now - timedelta(days=62), now + timedelta(days=1))["tokens"]


def truth(provider, *secrets):
    now = provider.simulator.clock.now()
    return sum(
        provider.simulator.counters_at(provider.simulator.keys[secret], now)["total_tokens"]
        for secret in secrets
    )


def polled_meter(key):
    """The meter of a new key, polled once."""
    polling.poll_now(timezone.now() + 6 * MINUTE)
    return Meter.objects.get(key=key)


def answer_of(meter, at, tokens):
    """What the provider says of a meter's account at some time."""
    last = meter.polls.latest("at")
    return polled.answer(
        meter, at, {"rax-4.0": (tokens, last.total_requests + 9)}, last.period_start, last.period_end
    )


def suggested(team, provider, rounds=5):
    live(provider, rounds)
    sharing.look(team, timezone.now())
    return sharing.suggestions(team).get()


def test_keys_that_say_the_same_while_it_changes_are_suggested_with_evidence(team, keys, provider):
    suggestion = suggested(team, provider)
    assert {suggestion.first.key.name, suggestion.second.key.name} == {"a", "b"}
    assert suggestion.changes == 4
    assert [row["tokens"] for row in suggestion.evidence] == [700, 1401, 2103, 2806, 3510]


def test_too_little_evidence_suggests_nothing(team, keys, provider):
    live(provider, 3)
    assert sharing.look(team, timezone.now()) == 0
    live(provider, 1, start=3)
    assert sharing.look(team, timezone.now()) == 1


def test_a_suspected_pair_is_asked_at_the_same_moment_next_time(team, keys, provider):
    live(provider, 1)
    Meter.objects.filter(key__name="a").update(next_poll_at=timezone.now() + 2 * MINUTE)
    Meter.objects.filter(key__name="b").update(next_poll_at=timezone.now() + 3 * MINUTE)
    sharing.look(team, timezone.now())
    pair = Meter.objects.filter(key__name__in=["a", "b"])
    assert pair.values("next_poll_at").distinct().count() == 1


def test_counters_that_stand_still_prove_nothing(team, keys, provider):
    live(provider, 1)
    for number in range(1, 9):
        polling.poll_now(timezone.now() + number * MINUTE)
    assert sharing.look(team, timezone.now()) == 0


def test_looking_again_adds_evidence_and_no_second_suggestion(team, keys, provider):
    suggested(team, provider)
    live(provider, 2, start=5)
    assert sharing.look(team, timezone.now()) == 0
    assert sharing.suggestions(team).get().changes == 6


def test_nothing_is_merged_until_somebody_says_so(team, keys, provider):
    suggested(team, provider)
    assert month(team) == truth(provider, "rax_a", "rax_b", "rax_c")


def test_a_merged_account_is_counted_once_to_the_token(team, keys, provider):
    suggestion = suggested(team, provider)
    meter = count_once(suggestion, None, timezone.now())
    assert month(team) == truth(provider, "rax_a", "rax_c")
    assert RawPoll.objects.after(meter.account_ids(), None).count() == 10
    assert meter_differences(meter) == []
    assert team_differences(team) == []
    live(provider, 2, start=5)
    assert month(team) == truth(provider, "rax_a", "rax_c")
    assert not sharing.suggestions(team).exists()


def test_one_key_of_a_merged_account_is_asked_and_both_show_its_quota(team, keys, provider):
    count_once(suggested(team, provider), None, timezone.now())
    outcomes = polling.poll_now(timezone.now() + 10 * MINUTE)
    assert len(outcomes) == 2
    used = {line.key.name: line.today.used for line in quota_list(team, {}, timezone.now()).keys}
    assert used["a"] == used["b"]


def test_the_other_key_is_asked_when_the_first_is_retired(team, keys, provider):
    meter = count_once(suggested(team, provider), None, timezone.now())
    meter.refresh_from_db()
    meter.key.retire()
    live(provider, 1, start=10)
    meter.refresh_from_db()
    assert meter.root().key.status == "active"
    assert month(team) == truth(provider, "rax_a", "rax_c")
    assert not any(meter_differences(counting) for counting in Meter.objects.for_team(team))
    assert team_differences(team) == []


def test_accounts_that_are_counted_apart_again_are_as_they_were(team, keys, provider):
    suggestion = suggested(team, provider)
    before = figures(team)
    kept = count_once(suggestion, None, timezone.now())
    gone = Meter.objects.get(merged_into=kept)
    assert count_apart(gone, None, timezone.now())
    assert figures(team) == before
    assert_proven(team)
    assert not count_apart(gone, None, timezone.now())
    live(provider, 1, start=10)
    assert month(team) == truth(provider, "rax_a", "rax_b", "rax_c")


def test_they_are_told_apart_also_when_the_first_key_was_retired(team, keys, provider):
    kept = count_once(suggested(team, provider), None, timezone.now())
    kept.refresh_from_db()
    first, counted = kept.key, figures(team)[kept.pk]
    first.retire()
    live(provider, 1, start=10)
    kept.refresh_from_db()
    second = kept.root()
    assert second != kept
    assert count_apart(kept, None, timezone.now())
    assert figures(team)[kept.pk] == counted
    assert figures(team)[second.pk] == truth(provider, "rax_b")
    assert_proven(team)


def test_they_are_not_told_apart_when_polls_were_deleted(team, keys, provider):
    kept = count_once(suggested(team, provider), None, timezone.now())
    gone = Meter.objects.get(merged_into=kept)
    last = kept.knots.latest("at").at
    Meter.objects.filter(pk=kept.pk).update(pruned_at=last)
    Meter.objects.filter(pk=gone.pk).update(created_at=moment(last) - MINUTE)
    assert not count_apart(gone, None, timezone.now())
    Meter.objects.filter(pk=gone.pk).update(created_at=moment(last) + MINUTE)
    gone.refresh_from_db()
    assert gone.can_be_counted_apart()


def test_a_secret_of_another_account_does_not_go_on_with_a_merged_one(team, keys, provider):
    kept = count_once(suggested(team, provider), None, timezone.now())
    kept.refresh_from_db()
    before = month(team)
    spare = Meter.objects.get(merged_into=kept).key
    provider.simulator.keys["rax_other"] = Key("rax_other", PRO, "three")
    provider.simulator.record(provider.simulator.keys["rax_other"], "rax-4.0", 5)
    spare.set_secret("rax_other")
    spare.save()
    kept.key.retire()
    polling.poll_now(timezone.now() + 10 * MINUTE)
    assert month(team) == before + 5


def figures(team):
    """What each meter of a team has counted: {primary key: tokens}."""
    return {meter.pk: overview.amounts(meter)["tokens"] for meter in Meter.objects.for_team(team)}


def assert_proven(team):
    assert not any(meter_differences(meter) for meter in Meter.objects.for_team(team))
    assert team_differences(team) == []


def test_a_dismissed_suggestion_does_not_come_back(team, keys, provider):
    suggestion = suggested(team, provider)
    sharing.keep_apart(suggestion, None, timezone.now())
    live(provider, 2, start=5)
    sharing.look(team, timezone.now())
    assert not sharing.suggestions(team).exists()
    assert SharingSuggestion.objects.get().state == SharingSuggestion.Decision.KEPT_APART


def test_of_two_decisions_the_first_counts(team, keys, provider):
    suggestion = suggested(team, provider)
    assert sharing.keep_apart(suggestion, None, timezone.now())
    assert not sharing.keep_apart(suggestion, None, timezone.now())
    assert count_once(suggestion, None, timezone.now()) is None
    assert month(team) == truth(provider, "rax_a", "rax_b", "rax_c")


def test_merging_decides_other_suggestions_about_the_same_account(team, keys, provider):
    suggestion = suggested(team, provider)
    third = polled_meter(make_key(team, "d", provider.base_url, "rax_b"))
    for other in (suggestion.first, suggestion.second):
        SharingSuggestion.objects.create(
            team=team, first=other, second=third, changes=4, noticed_at=timezone.now()
        )
    for other in SharingSuggestion.objects.filter(second=third):
        count_once(other, None, timezone.now())
    assert not sharing.suggestions(team).exists()
    assert month(team) == truth(provider, "rax_a", "rax_c")


def test_an_answer_to_a_key_that_was_merged_while_it_was_asked_is_its_account_s(team, keys, provider):
    kept = count_once(suggested(team, provider), None, timezone.now())
    gone = Meter.objects.get(merged_into=kept)
    provider.simulator.record(provider.simulator.keys["rax_a"], "rax-4.0", 999)
    late = truth(provider, "rax_a")
    ingest.store([answer_of(gone, timezone.now() + 9 * MINUTE, late)])
    assert month(team) == truth(provider, "rax_a", "rax_c")
    gone.refresh_from_db()
    assert (gone.state, meter_differences(kept), team_differences(team)) == (None, [], [])


def test_what_is_left_of_a_merged_meter_is_its_raw_polls(team, keys, provider):
    kept = count_once(suggested(team, provider), None, timezone.now())
    gone = Meter.objects.get(merged_into=kept)
    assert (gone.state, gone.series.count(), gone.knots.count()) == (None, 0, 0)
    assert gone.polls.count() == 5
    other = Meter.objects.get(key__name="c")
    for meter in (kept, other):
        meter.refresh_from_db()
    assert sum(len(meter_differences(meter)) for meter in (kept, other)) == 0


def test_a_team_of_one_meter_is_stored_as_the_fold_of_both_keys_polls(team, provider):
    for name in "ab":
        make_key(team, name, provider.base_url, f"rax_{name}")
    kept = count_once(suggested(team, provider), None, timezone.now())
    assert_stored_equals_fold(team, kept)
