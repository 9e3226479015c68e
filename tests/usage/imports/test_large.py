"""Large files, and very many models, hold up nobody else."""

import pytest

from common.jobs import worker
from common.models import Job
from teams.permissions import Access
from tests.cast import Cast
from tests.usage.imports.importing import NOVEMBER, access_of, give, rows, take_in, told, undo
from tests.usage.polled import make_meter
from usage.imports.files import reading
from usage.ledger import told_days
from usage.ledger.words import OTHER_MODELS
from usage.models import Import, TeamModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def access(cast: Cast) -> Access:
    return access_of(cast.team, cast.adam)


def test_a_large_file_is_held_while_it_is_read(
    cast: Cast, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "EVERY", 2)
    make_meter(cast.key, NOVEMBER)
    tell, held = worker.tell, []

    def looked(job: Job, done: int, total: int) -> None:
        tell(job, done, total)
        held.append((*Job.objects.values_list("done", "total").get(), total))

    monkeypatch.setattr(worker, "tell", looked)
    assert give(access, rows([1, 2, 3, 20])).state == Import.State.READY
    assert held == [(2, 6, 6), (4, 6, 6)]


def test_of_very_many_models_an_import_names_some_and_its_undo_leaves_none(
    cast: Cast, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_days, "MOST_MODELS", 2)
    meter = make_meter(cast.key, NOVEMBER)
    lines = [line for day in (1, 2) for model in ("a", "b", f"c-{day}") for line in rows([day], model=model)]
    origin = take_in(access, give(access, lines))
    assert told(meter) == {1: 210, 2: 210}
    assert set(TeamModel.objects.values_list("model", flat=True)) == {"a", "b", OTHER_MODELS}
    undo(access, origin)
    assert not TeamModel.objects.exists()
