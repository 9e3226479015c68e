"""A long job of a team is shown until its end, and steered by those who may."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from common import jobs
from common.jobs import worker
from common.jobs.kinds import JobError, Write
from common.models import Job
from teams.jobs import scope_of
from teams.models import AuditEntry
from tests.cast import Cast
from tests.common.jobs import COUNTING, known, run_jobs
from tests.directions import without_directions

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    with known(cancel=lambda job: None):
        yield


@pytest.fixture
def job(cast: Cast) -> Job:
    return jobs.start(COUNTING, scope_of(cast.team), {"to": 3}, by="Bob")[0]


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


def path(job: Job, name: str = "job") -> str:
    return reverse(f"teams:{name}", args=["acme", job.pk])


class TestShowing:
    def test_it_says_how_far_it_is_and_who_asked(self, job: Job, alice: Client) -> None:
        assert "Waiting for its turn" in alice.get(path(job)).content.decode()
        worker.work(seconds=0)
        html = alice.get(path(job)).content.decode()
        assert "1 of 3" in html
        assert "asked by Bob" in without_directions(html)

    def test_it_asks_for_itself_again_as_long_as_it_goes_on(self, job: Job, alice: Client) -> None:
        assert f'hx-get="{path(job)}"' in alice.get(path(job)).content.decode()
        run_jobs()
        assert "hx-get" not in alice.get(path(job), headers=PARTIAL).content.decode()

    def test_nothing_moves_where_nothing_changed(self, job: Job, alice: Client) -> None:
        tag = alice.get(path(job), headers=PARTIAL)["HX-PTag"]
        assert alice.get(path(job), headers=PARTIAL | {"HX-PTag": tag}).status_code == 304
        worker.work(seconds=0)
        assert alice.get(path(job), headers=PARTIAL | {"HX-PTag": tag}).status_code == 200

    def test_the_page_that_asked_is_loaded_anew_at_its_end(self, job: Job, alice: Client) -> None:
        assert "HX-Refresh" not in alice.get(path(job), headers=PARTIAL)
        run_jobs()
        assert alice.get(path(job), headers=PARTIAL)["HX-Refresh"] == "true"
        assert "HX-Refresh" not in alice.get(path(job))

    def test_jobs_of_another_team_are_not_there(self, cast: Cast, alice: Client) -> None:
        other, _ = jobs.start(COUNTING, scope_of(cast.other_team), {"to": 3})
        assert alice.get(path(other)).status_code == 404


class TestSteering:
    def test_an_admin_cancels_it(self, job: Job, alice: Client) -> None:
        assert path(job, "cancel_job") in alice.get(path(job)).content.decode()
        html = alice.post(path(job, "cancel_job"), follow=True).content.decode()
        assert "Cancelled at" in html
        assert (AuditEntry.objects.get().deed, AuditEntry.objects.get().details) == (
            "job.cancelled",
            {"work": "Counting"},
        )

    def test_a_second_click_is_told_that_it_is_over(self, job: Job, alice: Client) -> None:
        alice.post(path(job, "cancel_job"))
        assert "It was over already" in alice.post(path(job, "cancel_job"), follow=True).content.decode()

    def test_one_that_failed_says_why_and_goes_on_when_somebody_says_so(
        self, job: Job, alice: Client
    ) -> None:
        with known(broken):
            worker.work()
        assert "The key is gone." in alice.get(path(job)).content.decode()
        alice.post(path(job, "try_job_again"))
        run_jobs()
        job.refresh_from_db()
        assert job.state == "done"

    def test_whoever_may_not_sees_no_button(self, job: Job, cast: Cast) -> None:
        assert "<button" not in cast.client("vera").get(path(job)).content.decode().partition("<main")[2]


def broken(job: Job) -> Write:
    raise JobError("The key is gone.")
