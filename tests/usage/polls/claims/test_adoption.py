"""Keys are adopted beside the tick, and what fails for one team leaves the others polled."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from common.jobs import worker
from common.models import Chore, Job
from playground.history import retention as forgetting
from playground.models import Conversation, Run, RunState
from rax.simulator import Simulator, running_simulator
from teams.models import Key, Team
from tests.sabotage import refusing
from tests.usage.conftest import make_key
from usage.accounts import sharing
from usage.books import retention
from usage.books.rollups import zone_change
from usage.models import Meter, RawPoll
from usage.polls import polling, tasks
from usage.polls.claims import adoption, due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def base_url(settings: object) -> Iterator[str]:
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)  # type: ignore[attr-defined]
    with running_simulator(Simulator()) as server:
        yield server.base_url


@pytest.fixture
def keys(team: Team, base_url: str) -> list[Key]:
    """A key of Acme, and one of another team."""
    other = Team.objects.create(name="Others", slug="others")
    return [make_key(each, each.name, base_url) for each in (team, other)]


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the tasks of polling hand on, instead of a broker."""
    handed: list[object] = []
    monkeypatch.setattr(tasks, "publish", lambda task, *ids, at=None: handed.append(task.name))
    return handed


class TestTheTick:
    def test_it_does_nothing_but_claim(self, keys: list[Key], published: list[object]) -> None:
        tasks.tick()
        assert not Meter.objects.exists()
        tasks.adopt()
        assert published.pop() == "usage.tasks.tick"
        tasks.tick()
        assert "usage.tasks.poll_meters" in published

    def test_days_that_cannot_be_written_stop_nobody_s_polls(
        self, keys: list[Key], team: Team, published: list[object]
    ) -> None:
        polling.poll_now()
        polling.poll_now(timezone.now() + timedelta(minutes=5))
        Team.objects.filter(pk=team.pk).update(time_zone="Asia/Kathmandu")
        with refusing("DELETE", "usage_day"):
            tasks.adopt()
            while worker.work(seconds=0):
                pass
            assert Job.objects.get().error == "IntegrityError: The database refuses."
            tasks.adopt()
            Meter.objects.update(next_poll_at=timezone.now())
            published.clear()
            tasks.tick()
            assert "usage.tasks.poll_meters" in published
        assert Job.objects.count() == 1

    def test_it_is_not_begun_again_and_again_where_it_failed(self, keys: list[Key], team: Team) -> None:
        polling.poll_now()
        Team.objects.filter(pk=team.pk).update(time_zone="Asia/Kathmandu")
        zone_change.start_stale()
        Job.objects.get().end(Job.Status.FAILED, timezone.now())
        zone_change.start_stale()
        assert Job.objects.count() == 1


class TestAdopting:
    def test_a_team_whose_keys_cannot_be_adopted_leaves_the_others_polled(
        self, keys: list[Key], team: Team
    ) -> None:
        with refusing("INSERT", "usage_meter", f"NEW.team_id = {team.pk}"):
            adoption.adopt_all(timezone.now())
        assert [meter.name for meter in Meter.objects.all()] == ["Others"]

    def test_a_moved_key_that_cannot_be_let_go_leaves_the_others_moved(
        self, keys: list[Key], team: Team, base_url: str
    ) -> None:
        polling.poll_now()
        for key in Key.objects.all():
            key.move_to("http://127.0.0.1:9/api/v1")
            key.set_secret("rax_for_another_server")
            key.save()
        with refusing("UPDATE", "usage_meter", f"OLD.team_id = {team.pk}"):
            adoption.adopt_all(timezone.now())
        asked = dict(Meter.objects.exclude(key=None).values_list("name", "base_url"))
        assert (asked["Acme"] == base_url, asked["Others"] == base_url) == (True, False)

    def test_poll_now_adopts_the_keys_of_its_own_team(self, keys: list[Key], team: Team) -> None:
        due.request_poll(team)
        assert [meter.team for meter in Meter.objects.all()] == [team]


class TestOtherTurns:
    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str, int], list[int]]:
        """Let a function raise for one id, and note for which it was called."""

        def break_for(module: object, name: str, pk: int) -> list[int]:
            seen: list[int] = []

            def raising(whose: Team | int, *_: object) -> int:
                seen.append(whose if isinstance(whose, int) else whose.pk)
                if seen[-1] == pk:
                    raise RuntimeError("broken")
                return 0

            monkeypatch.setattr(module, name, raising)
            return seen

        return break_for

    def test_looking_for_shared_accounts(
        self, keys: list[Key], team: Team, base_url: str, broken: Callable[..., list[int]]
    ) -> None:
        for each in Team.objects.all():
            make_key(each, "second", base_url)
        polling.poll_now()
        seen = broken(sharing, "look", team.pk)
        sharing.look_when_due(timezone.now())
        assert sorted(seen) == sorted(Team.objects.values_list("pk", flat=True))

    def test_throwing_away_what_is_old(self, keys: list[Key], broken: Callable[..., list[int]]) -> None:
        polling.poll_now()
        meters = list(Meter.objects.values_list("pk", flat=True))
        seen = broken(retention, "prune", meters[0])
        retention.run(timezone.now())
        assert sorted(seen) == sorted(meters)

    def test_the_daily_work_of_one_kind_leaves_the_other(self, keys: list[Key]) -> None:
        polling.poll_now()
        with refusing("INSERT", "usage_chore", "NEW.name = 'sharing'"):
            tasks.tidy()
        assert Chore.objects.filter(name="retention").exists()

    def test_forgetting_prompts(self, keys: list[Key]) -> None:
        old = timezone.now() - timedelta(days=9)
        Team.objects.update(keep_prompts_days=3)
        for key in keys:
            conversation = Conversation.objects.create(team=key.team)
            common = {"model": "rax-4.0", "state": RunState.COMPLETED, "created_at": old}
            Run.objects.create(team=key.team, conversation=conversation, **common)
        with refusing("UPDATE", "playground_run", f"OLD.team_id = {keys[0].team_id}"):
            assert forgetting.forget_due(timezone.now()) == 1

    def test_preparing_a_poll(self, keys: list[Key], broken: Callable[..., list[int]]) -> None:
        adoption.adopt_all(timezone.now())
        Key.objects.filter(pk=keys[0].pk).update(ciphertext=b"x")
        polling.poll_now(timezone.now() + MINUTE)
        assert [poll.meter.key_id for poll in RawPoll.objects.all()] == [keys[1].pk]
