"""All columns are stopped with one request, by scripts or by a plain form."""

import re

from django.utils import timezone

from playground.models import LEASE, Run, RunState
from tests.cast import Cast
from tests.playground.conftest import MakeRun

PLAYGROUND = "/t/acme/playground/"


def test_all_columns_are_stopped_with_one_request_also_without_scripts(cast: Cast, make_run: MakeRun) -> None:
    lease = timezone.now() + LEASE * 100
    one, other, third = (make_run(state=RunState.RUNNING, lease_expires_at=lease) for _ in range(3))
    page = (
        cast.client("bob")
        .get(f"{PLAYGROUND}?conversation={one.conversation_id}&conversation={other.conversation_id}")
        .text
    )
    (form,) = re.findall(r'<form id="stop-all".*?</form>', page, re.DOTALL)
    assert "Stop all</button>" in form
    fields = re.findall(r'name="(run|conversation)" value="([^"]*)"', form)
    data = {name: [value for key, value in fields if key == name] for name in ("run", "conversation")}
    assert data["run"] == [str(one.pk), str(other.pk)]
    answer = cast.client("bob").post(f"{PLAYGROUND}stop/", data)
    assert answer["Location"] == (
        f"{PLAYGROUND}?conversation={one.conversation_id}&conversation={other.conversation_id}"
    )
    asked = Run.objects.exclude(stop_requested_at=None)
    assert {run.pk for run in asked} == {one.pk, other.pk}
    assert third.pk not in {run.pk for run in asked}


def test_nobody_stops_all_of_another_team(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, lease_expires_at=timezone.now() + LEASE * 100)
    assert cast.client("charlie").post("/t/others/playground/stop/", {"run": [run.pk]}).status_code == 302
    assert Run.objects.get().stop_requested_at is None
