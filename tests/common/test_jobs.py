"""Long jobs go on slice by slice, whoever dies, and two never do the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from common import jobs
from common.jobs import worker
from common.jobs.kinds import JobError, Progress, Write
from common.models import LEASE, Chore, Job
from common.models.jobs import PATIENCE
from tests.common.jobs import COUNTING, count, known, run_jobs

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time, for whoever asks Django; a test may set it."""
    clock = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[-1])
    return clock


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    with known():
        yield


def start(scope: str = "team:7", to: int = 3, kind: str = COUNTING) -> Job:
    return jobs.start(kind, scope, {"to": to}, by="Alice", by_id=1)[0]


class TestGoingOn:
    def test_a_job_is_done_slice_by_slice(self) -> None:
        job = start()
        assert worker.work(seconds=0)
        job.refresh_from_db()
        assert (job.done, job.total, job.place, job.state) == (1, 3, {"done": 1}, "active")
        run_jobs()
        job.refresh_from_db()
        assert (job.done, job.state, job.ended_at) == (3, "done", NOON)

    def test_it_says_who_asked_and_how_far_it_is(self) -> None:
        job = start()
        assert (job.asked_by, job.asked_by_id, job.percent) == ("Alice", "1", None)
        worker.work(seconds=0)
        job.refresh_from_db()
        assert job.percent == 33

    def test_jobs_take_turns(self, now: list[datetime]) -> None:
        both = [start("team:7"), start("team:8")]
        now.append(NOON + SECOND)
        order = []
        while job := worker.claim_next(now[-1]):
            worker.run_slice(job)
            order.append(job.pk)
            now.append(now[-1] + SECOND)
        assert order == [job.pk for job in both] * 3

    def test_one_worker_is_at_them_at_a_time(self) -> None:
        start("team:7")
        start("team:8")
        assert worker.claim_next(NOON)
        assert worker.claim_next(NOON) is None

    def test_a_kind_that_this_worker_does_not_know_waits_for_another(self) -> None:
        start(kind="test.of_a_newer_version")
        assert not worker.work()
        assert Job.objects.active().count() == 1

    def test_rows_of_old_jobs_go(self, now: list[datetime]) -> None:
        start(to=1)
        run_jobs()
        now.append(NOON + worker.KEPT + SECOND)
        Chore.objects.all().delete()
        run_jobs()
        assert not Job.objects.exists()


class TestTwoAtOnce:
    def test_a_second_click_finds_the_first_job(self) -> None:
        first = jobs.start(COUNTING, "team:7", {"to": 3})
        second = jobs.start(COUNTING, "team:7", {"to": 9})
        assert (first[1], second) == (True, (first[0], False))

    def test_another_team_or_kind_has_jobs_of_its_own(self) -> None:
        with known(name="test.other"):
            assert len({start().pk, start("team:8").pk, start(kind="test.other").pk}) == 3

    def test_one_that_ended_makes_room(self) -> None:
        first = start(to=1)
        run_jobs()
        assert start() != first

    def test_of_two_workers_one_gets_it(self) -> None:
        job = start()
        assert Job.objects.claim(job, NOON)
        assert Job.objects.claim(job, NOON) is None

    def test_a_worker_whose_lease_went_to_another_writes_nothing(self, now: list[datetime]) -> None:
        start()
        slow = worker.claim_next(NOON)
        now.append(NOON + LEASE)
        fast = worker.claim_next(now[-1])
        assert slow
        assert fast
        worker.run_slice(slow)
        worker.run_slice(fast)
        assert Job.objects.get().done == 1


class TestDying:
    def test_what_a_dead_worker_had_begun_is_taken_up_when_its_lease_is_over(self) -> None:
        start()
        assert worker.claim_next(NOON)
        assert worker.claim_next(NOON + LEASE - SECOND) is None
        assert worker.claim_next(NOON + LEASE)

    def test_a_slice_that_fails_leaves_neither_work_nor_place(self) -> None:
        def step(job: Job) -> Write:
            def write() -> Progress:
                Chore.objects.create(name="half", due_at=NOON)
                raise RuntimeError("in the middle")

            return write

        with known(step, name="test.broken"):
            start(kind="test.broken")
            worker.work()
        assert not Chore.objects.filter(name="half").exists()
        assert Job.objects.get().place == {}


class TestFailing:
    @pytest.fixture(autouse=True)
    def broken(self) -> Iterator[list[Exception]]:
        """A kind that fails as long as errors are left."""
        errors: list[Exception] = [RuntimeError("The disk is full.")] * 4

        def step(job: Job) -> Write:
            if errors:
                raise errors.pop()
            return count(job)

        with known(step, name="test.broken"):
            yield errors

    def test_it_is_tried_again_later_and_says_why(self, now: list[datetime]) -> None:
        job = start(kind="test.broken")
        assert not worker.work()
        job.refresh_from_db()
        assert (job.state, job.error) == ("active", "RuntimeError: The disk is full.")
        assert job.due_at == NOON + PATIENCE[0]

    def test_it_is_not_tried_for_ever(self, now: list[datetime], broken: list[Exception]) -> None:
        job = start(kind="test.broken")
        for patience in (*PATIENCE, SECOND):
            worker.work()
            now.append(now[-1] + patience)
        job.refresh_from_db()
        assert (job.state, broken) == ("failed", [])
        assert not worker.work()

    def test_a_slice_that_succeeds_forgives_the_errors_before(
        self, now: list[datetime], broken: list[Exception]
    ) -> None:
        del broken[1:]
        job = start(kind="test.broken")
        worker.work()
        now.append(NOON + PATIENCE[0])
        worker.work()
        job.refresh_from_db()
        assert (job.state, job.failures, job.error) == ("done", 0, "")

    def test_what_cannot_be_done_fails_at_once_in_its_own_words(self, broken: list[Exception]) -> None:
        broken.append(JobError("The key is gone."))
        job = start(kind="test.broken")
        worker.work()
        job.refresh_from_db()
        assert (job.state, job.error) == ("failed", "The key is gone.")

    def test_somebody_lets_it_go_on_where_it_stopped(self, broken: list[Exception]) -> None:
        broken[:] = [JobError("The key is gone.")]
        job = start(kind="test.broken")
        worker.work()
        assert jobs.try_again(job)
        assert not jobs.try_again(job)
        worker.work()
        job.refresh_from_db()
        assert job.state == "done"

    def test_it_does_not_go_on_beside_another(self, broken: list[Exception]) -> None:
        broken[:] = [JobError("The key is gone.")]
        job = start(kind="test.broken")
        worker.work()
        start(kind="test.broken")
        assert not jobs.try_again(job)

    def test_the_others_go_on(self) -> None:
        start(kind="test.broken")
        job = start()
        while worker.work(seconds=0):
            pass
        job.refresh_from_db()
        assert job.state == "done"


class TestCancelling:
    def test_it_ends_and_its_kind_puts_right_what_was_begun(self) -> None:
        cleaned = []
        with known(cancel=lambda job: cleaned.append(job.place)):
            job = start()
            worker.work(seconds=0)
            assert jobs.can_be_cancelled(job)
            assert jobs.cancel(job)
            assert not jobs.cancel(job)
        job.refresh_from_db()
        assert (job.state, cleaned) == ("cancelled", [{"done": 1}])

    def test_one_that_failed_needs_not_go_on(self) -> None:
        cleaned = []
        with known(cancel=lambda job: cleaned.append(job.pk)):
            job = start()
            Job.objects.update(state="failed", error="The row is gone.", ended_at=NOON)
            job.refresh_from_db()
            assert jobs.can_be_cancelled(job)
            assert jobs.cancel(job)
            assert not jobs.try_again(job)
        assert (Job.objects.get().state, cleaned) == ("cancelled", [job.pk])

    def test_a_slice_that_was_under_way_writes_nothing_more(self) -> None:
        with known(cancel=lambda job: None):
            start()
            ours = worker.claim_next(NOON)
            assert ours
            jobs.cancel(Job.objects.get())
            worker.run_slice(ours)
        assert (Job.objects.get().state, Job.objects.get().done) == ("cancelled", 0)

    def test_a_kind_that_cannot_be_stopped_halfway_goes_on(self) -> None:
        job = start()
        assert not jobs.can_be_cancelled(job)
        assert not jobs.cancel(job)
        assert Job.objects.active().exists()


class TestClockSetBack:
    HOUR = timedelta(hours=1)

    @pytest.fixture(autouse=True)
    def ahead(self, now: list[datetime]) -> None:
        now.append(NOON + self.HOUR)

    def test_a_job_that_was_asked_for_goes_on(self, now: list[datetime]) -> None:
        start()
        now.append(NOON)
        assert worker.claim_next(NOON)

    def test_a_worker_that_died_holds_nobody_up(self, now: list[datetime]) -> None:
        start()
        assert worker.claim_next(now[-1])
        now.append(NOON)
        assert worker.claim_next(NOON)
        assert worker.claim_next(NOON) is None

    def test_a_job_that_failed_is_tried_again(self, now: list[datetime]) -> None:
        def step(job: Job) -> Write:
            raise RuntimeError("The disk is full.")

        job = start(kind="test.broken")
        with known(step, name="test.broken"):
            worker.work(seconds=0)
            now.append(NOON)
            assert worker.claim_next(NOON) == job

    def test_a_job_waits_for_no_other_that_began_later(self, now: list[datetime]) -> None:
        before = start()
        now.append(NOON)
        start("team:8")
        assert worker.claim_next(NOON) == before

    def test_a_chore_is_done_again(self) -> None:
        hour = self.HOUR
        assert Chore.objects.claim("look", NOON + hour, hour)
        assert Chore.objects.is_due("look", NOON, hour)
        assert Chore.objects.claim("look", NOON, hour)
        assert not Chore.objects.is_due("look", NOON, hour)
