"""What is handed out: regular polls first, of each host so much, and what may take long aside."""

from datetime import UTC, datetime, timedelta

import pytest

from rax.simulator import Simulator, running_simulator
from teams.models import Team
from tests.usage.conftest import make_key
from tests.usage.polls.gate import running_gate
from usage.models import Host, Meter, PollBatch
from usage.models.hosts import UNSEEN
from usage.polls.asking import Question, ask
from usage.polls.claims import adoption, due, lanes, leases

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FIRST, SECOND_HOST = "http://127.0.0.1:9/api/v1", "http://127.0.0.1:8/api/v1"


def make_meters(team, base_url, count, answered_at=NOW):
    """Keys of a team whose meters are due; answered before, or new."""
    there = Meter.objects.count()
    names = [f"Key {number}" for number in range(there, there + count)]
    keys = [make_key(team, name, base_url) for name in names]
    adoption.adopt_all(NOW)
    Meter.objects.filter(key__in=keys).update(answered_at=answered_at)


def taken(now=NOW, places=2):
    claimed, is_left = lanes.claim(now, places)
    return [(claim.host, len(claim.meter_ids), claim.is_aside) for claim in claimed], is_left


def test_batches_are_cut_by_host(team, monkeypatch):
    monkeypatch.setattr(leases, "FEW", 1)
    make_meters(team, FIRST, 3)
    make_meters(team, SECOND_HOST, 2)
    batches, _ = taken()
    assert sorted(batches) == [("http://127.0.0.1:8", 2, False), ("http://127.0.0.1:9", 3, False)]


def test_hosts_of_few_keys_share_a_batch(team):
    make_meters(team, FIRST, 3)
    make_meters(team, SECOND_HOST, 2)
    assert taken() == ([("", 5, False)], False)


def test_first_polls_stand_behind_and_aside(team):
    make_meters(team, FIRST, 2, answered_at=None)
    make_meters(team, FIRST, 2)
    assert taken()[0] == [("http://127.0.0.1:9", 2, False), ("", 2, True)]


def test_of_two_places_first_polls_take_one(team):
    make_meters(team, FIRST, 1, answered_at=None)
    taken()
    make_meters(team, FIRST, 1, answered_at=None)
    assert taken() == ([], True)


def test_a_batch_that_nobody_is_seen_at_takes_no_place(team):
    make_meters(team, FIRST, 1, answered_at=None)
    taken()
    make_meters(team, FIRST, 1, answered_at=None)
    assert taken(NOW + UNSEEN + SECOND)[0] == [("", 1, True)]
    assert PollBatch.objects.count() == 1


def test_a_host_takes_no_more_places_than_leave_one_to_others(team, monkeypatch):
    monkeypatch.setattr(leases, "BATCH", 2)
    monkeypatch.setattr(leases, "FEW", 1)
    make_meters(team, FIRST, 5)
    make_meters(team, SECOND_HOST, 2)
    batches, is_left = taken()
    assert sorted(batches) == [("http://127.0.0.1:8", 2, False), ("http://127.0.0.1:9", 2, False)]
    assert not is_left
    assert taken()[0] == []


def test_many_places_are_for_one_host_too(team, monkeypatch):
    monkeypatch.setattr(leases, "BATCH", 2)
    make_meters(team, FIRST, 10)
    batches, _ = taken(places=6)
    assert batches == [("http://127.0.0.1:9", 2, False)] * 3


def test_teams_with_new_keys_have_their_turns(team, monkeypatch):
    monkeypatch.setattr(lanes, "SHARED", 4)
    make_meters(team, FIRST, 8, answered_at=None)
    other = Team.objects.create(name="Other", slug="other")
    make_meters(other, FIRST, 2, answered_at=None)
    (claim,), _ = lanes.claim(NOW)
    meters = Meter.objects.filter(pk__in=claim.meter_ids)
    assert sorted(meters.values_list("team__slug", flat=True)) == ["acme", "acme", "other", "other"]


def host(number):
    return f"http://127.0.0.1:{number}/api/v1"


def slugs(claim):
    return set(Meter.objects.filter(pk__in=claim.meter_ids).values_list("team__slug", flat=True))


@pytest.fixture
def other():
    return Team.objects.create(name="Other", slug="other")


def test_a_team_with_many_hosts_does_not_push_others_out(team, other, monkeypatch):
    monkeypatch.setattr(lanes, "AT_ONCE", 4)
    for number in range(5):
        make_meters(team, host(100 + number), 1, answered_at=None)
    Meter.objects.update(next_poll_at=NOW - SECOND)
    make_meters(other, FIRST, 2)
    regular, aside = lanes.claim(NOW)[0]
    assert (slugs(regular), slugs(aside)) == ({"other"}, {"acme"})
    assert len(regular.meter_ids) == 2


def test_many_hosts_of_a_team_take_no_more_places_than_there_are(team, other, monkeypatch):
    monkeypatch.setattr(leases, "FEW", 0)
    for number in range(4):
        make_meters(team, host(100 + number), 2)
    Meter.objects.update(next_poll_at=NOW - SECOND)
    make_meters(other, FIRST, 1)
    claimed, is_left = lanes.claim(NOW)
    assert [slugs(claim) for claim in claimed] == [{"acme"}, {"other"}]
    assert is_left
    assert taken() == ([], True)


def test_new_keys_are_polled_beside_many_hosts_that_fail(team, other, monkeypatch):
    monkeypatch.setattr(lanes, "SHARED", 4)
    for number in range(5):
        make_meters(team, host(100 + number), 1)
        Host.objects.create(
            address=f"http://127.0.0.1:{100 + number}", failing_since=NOW, failures=2, probe_at=NOW
        )
    PollBatch.objects.create(lease=NOW, is_aside=True, seen_at=NOW)
    make_meters(other, FIRST, 3, answered_at=None)
    (aside,), _ = lanes.claim(NOW, places=4)
    assert slugs(aside) == {"acme", "other"}


def close_soon(team, count):
    """Keys of a team at hosts of their own, each with an instant of its own within the next seconds."""
    for number in range(count):
        make_meters(team, host(200 + number), 1)
    for number, meter in enumerate(Meter.objects.filter(team=team)):
        meter.closing_at = NOW + (1 + number) * SECOND
        meter.save(update_fields=["closing_at"])


def test_closing_polls_of_many_hosts_of_a_team_wait_for_places(team, other):
    close_soon(team, lanes.CLOSING_HOSTS + 3)
    close_soon(other, 1)
    claimed, _ = lanes.claim(NOW)
    asked = [slug for claim in claimed for slug in slugs(claim) if claim.ask_at]
    assert (asked.count("acme"), asked.count("other")) == (lanes.CLOSING_HOSTS, 1)


def test_while_closing_polls_of_a_team_hang_no_more_are_handed_out(team, other):
    close_soon(team, lanes.CLOSING_HOSTS + 1)
    lanes.claim(NOW)
    Meter.objects.filter(lease_until=None).update(closing_at=NOW + 12 * SECOND)
    close_soon(other, 1)
    Meter.objects.filter(team=other).update(closing_at=NOW + 12 * SECOND)
    claimed, _ = lanes.claim(NOW + 8 * SECOND)
    assert [slugs(claim) for claim in claimed] == [{"other"}]


def test_closing_polls_of_one_host_are_all_handed_out(team):
    make_meters(team, FIRST, 12)
    for number, meter in enumerate(Meter.objects.all()):
        meter.closing_at = NOW + (1 + number % 6) * SECOND
        meter.save(update_fields=["closing_at"])
    claimed, _ = lanes.claim(NOW)
    assert sum(len(claim.meter_ids) for claim in claimed if claim.ask_at) == 12


def test_what_the_broker_did_not_take_leaves_its_place(team):
    make_meters(team, FIRST, 1, answered_at=None)
    (claim,), _ = lanes.claim(NOW)
    due.give_back(claim)
    assert taken()[0] == [("", 1, True)]


def test_many_keys_are_adopted_in_slices(team, monkeypatch):
    monkeypatch.setattr(adoption, "AT_ONCE", 2)
    for number in range(5):
        make_key(team, f"Key {number}")
    assert adoption.adopt_all(NOW) == 5 == Meter.objects.count()


def test_answers_come_before_the_slowest_of_their_batch(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as quick, running_gate() as (gate, slow):
        gate.open.clear()
        questions = [Question(1, slow, "rax_slow", False), Question(2, quick.base_url, "rax_demo_pro", False)]
        moments = filter(None, ask(questions).moments())
        assert [told.meter_id for told in next(moments)] == [2]
        gate.open.set()
        assert [told.meter_id for told in next(moments)] == [1]


def test_enough_keys_without_an_answer_speak_for_the_others(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as provider:
        provider.simulator.settings.faults = "500"
        questions = [Question(number, provider.base_url, "rax_demo_pro", False) for number in range(400)]
        assert len(list(ask(questions))) < 200


def test_keys_of_each_team_are_asked_before_many_of_one(settings, monkeypatch):
    monkeypatch.setattr("usage.polls.asking.PER_HOST", 1)
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as provider:
        odd = [Question(number, provider.base_url, "rax_demo_pro", False, team_id=1) for number in range(9)]
        good = Question(10, provider.base_url, "rax_demo_pro", False, team_id=2)
        asked = [told.meter_id for moment in ask([*odd, good]).moments() for told in moment]
        assert asked[:3] == [0, 10, 1]
