"""The breaker of a host: who fails for all is only probed, and is back with the first answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from teams.models import Team
from tests.usage.conftest import make_key
from tests.usage.polls.gate import running_gate
from usage.models import Host, Meter
from usage.models.hosts import host_of
from usage.polls import polling
from usage.polls.claims import adoption, hosts, lanes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def failing(provider):
    """A host with keys of two teams, which fails for all of them."""
    for slug in ("acme", "beta"):
        team = Team.objects.create(name=slug.title(), slug=slug)
        for number in range(6):
            make_key(team, f"{slug} {number}", provider.base_url)
    adoption.adopt_all(timezone.now())
    provider.simulator.settings.faults = "500"
    work()
    return Host.objects.get()


def work(later=timedelta(0)):
    """Hand out what may be asked, and ask it; return the meters of each batch."""
    claims, _ = lanes.claim(timezone.now() + later)
    for claim in claims:
        polling.poll_claimed(claim, timezone.now() + later)
    return [claim.meter_ids for claim in claims]


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://API.example.com/v1", "https://api.example.com"),
        ("https://api.example.com:443/other", "https://api.example.com"),
        ("https://api.example.com:8443/v1", "https://api.example.com:8443"),
        ("http://api.example.com/v1", "http://api.example.com"),
        ("http://[::1]:8000/v1", "http://[::1]:8000"),
        ("", ""),
    ],
)
def test_a_host_is_scheme_name_and_port(base_url, host):
    assert host_of(base_url) == host


def test_a_host_that_fails_for_all_is_asked_by_no_other_key(failing):
    assert failing.failures == 1
    assert Meter.objects.filter(asked_at=None).count() >= 12 - 64
    Meter.objects.update(next_poll_at=timezone.now(), lease_until=None)
    assert work() == []


def test_a_suspicion_is_proved_by_keys_of_several_teams(failing):
    (probes,) = work(later=2 * SECOND)
    assert len(probes) == hosts.PROBES
    assert Meter.objects.filter(pk__in=probes).values("team").distinct().count() == 2
    host = Host.objects.get()
    assert (host.failures, host.failing_since) == (2, failing.failing_since)


def test_other_keys_probe_it_next(failing):
    (first,) = work(later=2 * SECOND)
    (second,) = work(later=MINUTE)
    assert set(first).isdisjoint(second)


def test_probes_are_never_further_apart_than_twenty_seconds(failing):
    for minutes in range(1, 8):
        work(later=minutes * MINUTE)
    host = Host.objects.get()
    assert host.failures == 8
    assert timedelta(0) < host.probe_at - timezone.now() <= hosts.PROBE_LONGEST


def test_hosts_of_one_team_keep_no_other_team_from_its_probes(team):
    other = Team.objects.create(name="Other", slug="other")
    for number, owner in enumerate([team, team, team, team, other]):
        base_url = f"http://127.0.0.1:{number + 1}/api/v1"
        make_key(owner, f"Key {number}", base_url)
        due = NOW + number * SECOND
        Host.objects.create(address=host_of(base_url), failing_since=NOW, failures=3, probe_at=due)
    adoption.adopt_all(NOW)
    asked = hosts.probes(NOW + MINUTE, 2)
    assert set(Meter.objects.filter(pk__in=asked).values_list("team", flat=True)) == {team.pk, other.pk}
    assert Host.objects.filter(probe_at__lt=NOW + MINUTE).count() == 3


def test_an_answer_makes_all_that_failed_there_due(failing, provider):
    work(later=2 * SECOND)
    assert Meter.objects.filter(next_poll_at__gt=timezone.now()).exists()
    provider.simulator.settings.faults = ""
    work(later=MINUTE)
    host = Host.objects.get()
    assert (host.failing_since, host.failures) == (None, 0)
    assert host.down_since == failing.failing_since
    assert not Meter.objects.filter(failures__gt=0, next_poll_at__gt=timezone.now() + MINUTE).exists()
    work(later=MINUTE)
    assert not Meter.objects.filter(answered_at=None).exists()


@pytest.mark.parametrize("fault", ["401", "403", "429", "no-usage"])
def test_what_is_said_of_a_key_is_an_answer(team, provider, fault):
    make_key(team, base_url=provider.base_url)
    adoption.adopt_all(timezone.now())
    provider.simulator.settings.faults = fault
    work()
    assert not Host.objects.exists()


def test_an_address_that_is_refused_here_says_nothing_of_the_host(team, settings):
    settings.UPSTREAM_ALLOW = ()
    make_key(team, base_url="http://127.0.0.1:9/api/v1")
    adoption.adopt_all(timezone.now())
    work()
    assert not Host.objects.exists()


def test_odd_keys_of_one_team_leave_the_host_to_the_others(team, settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_gate() as (_, base_url):
        odd = Team.objects.create(name="Odd", slug="odd")
        for number in range(10):
            make_key(odd, f"Odd {number}", base_url.replace("/api/v1", "/broken/v1"))
        adoption.adopt_all(timezone.now())
        work()
        make_key(team, "Good", base_url)
        adoption.adopt_all(timezone.now())
        work(later=2 * SECOND)
        assert not Host.objects.down().exists()
        work(later=2 * SECOND)
        assert Meter.objects.get(name="Good").answered_at is not None


def test_a_host_that_answers_slowly_stands_aside_until_it_is_quick(team, provider, monkeypatch):
    for number in range(hosts.MIN_ANSWERS):
        make_key(team, f"Key {number}", provider.base_url)
    monkeypatch.setattr(hosts, "SLOW_SECONDS", 0.0)
    polling.poll_now()
    assert list(Host.objects.slow().values_list("address", flat=True)) == [host_of(provider.base_url)]
    Meter.objects.update(next_poll_at=NOW)
    (claim,), _ = lanes.claim(timezone.now())
    assert claim.is_aside
    monkeypatch.setattr(hosts, "QUICK_SECONDS", 60.0)
    polling.poll_claimed(claim)
    assert not Host.objects.slow().exists()


def test_one_team_alone_does_not_make_a_host_slow_for_others(team, provider, monkeypatch):
    monkeypatch.setattr(hosts, "SLOW_SECONDS", 0.0)
    make_key(team, "Good", provider.base_url)
    adoption.adopt_all(timezone.now())
    Meter.objects.update(next_poll_at=timezone.now() + MINUTE)
    odd = Team.objects.create(name="Odd", slug="odd")
    for number in range(hosts.MIN_ANSWERS):
        make_key(odd, f"Odd {number}", provider.base_url)
    adoption.adopt_all(timezone.now())
    work()
    assert Meter.objects.filter(team=odd, answered_at=None).count() == 0
    assert not Host.objects.slow().exists()
    polling.poll_now()
    assert Host.objects.slow().exists()
