"""An admin says when a model retires; that counts before what the provider tells, and can be taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from teams.models import AuditEntry
from tests.cast import Cast
from tests.usage.catalogue.page.stage import DAY, NOON, OLD, tell, words
from usage.models import CatalogueModel

DECEMBER = date(2026, 12, 16)


@pytest.fixture(autouse=True)
def model(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> CatalogueModel:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    tell(cast.key, [OLD], NOON - DAY)
    return CatalogueModel.objects.get()


def address(model: CatalogueModel, team: str = "acme") -> str:
    return f"/t/{team}/models/{model.pk}/retirement/"


def save(cast: Cast, model: CatalogueModel, day: str, person: str = "adam"):
    return cast.client(person).post(address(model), {"day": day})


def test_it_is_shown_with_who_typed_it(cast: Cast, model: CatalogueModel) -> None:
    assert save(cast, model, "2026-12-16").status_code == 302
    said = words(cast)
    assert "rax-4.0 retires in 23 days; no key used it this week. 16 Dec 2026, typed by Adam." in said
    assert "Will retire on 16 Dec 2026, typed by Adam" in said


def test_it_counts_before_what_the_provider_tells(cast: Cast, model: CatalogueModel) -> None:
    tell(cast.key, [replace(OLD, retires_on=DECEMBER + timedelta(days=9))], NOON)
    assert "retires in 32 days" in words(cast)
    save(cast, model, "2026-12-16")
    assert "retires in 23 days" in words(cast)
    form = cast.client("adam").get(address(model)).text
    assert 'value="2026-12-16"' in form
    assert "The provider tells 25 Dec 2026." in form


def test_it_survives_what_the_provider_tells_later_and_that_the_model_vanishes(
    cast: Cast, model: CatalogueModel
) -> None:
    save(cast, model, "2026-12-16")
    tell(cast.key, [], NOON + DAY)
    tell(cast.key, [replace(OLD, context_window=1)], NOON + 2 * DAY)
    assert CatalogueModel.objects.get().retirement == DECEMBER


def test_it_can_be_taken_back(cast: Cast, model: CatalogueModel) -> None:
    save(cast, model, "2026-12-16")
    save(cast, model, "")
    assert CatalogueModel.objects.get().retirement is None
    deeds = list(AuditEntry.objects.order_by("pk").values_list("deed", "object_label", "details"))
    assert deeds == [
        ("model.retirement_set", "rax-4.0", {"retires": ["", "2026-12-16"]}),
        ("model.retirement_removed", "rax-4.0", {"retires": ["2026-12-16", ""]}),
    ]


def test_the_same_day_again_is_no_deed(cast: Cast, model: CatalogueModel) -> None:
    save(cast, model, "2026-12-16")
    save(cast, model, "2026-12-16", "alice")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "16.12.2026", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_refused_in_words(cast: Cast, model: CatalogueModel, day: str) -> None:
    answer = save(cast, model, day)
    assert answer.status_code == 422
    assert "day" in answer.context["form"].errors["day"][0]
    assert CatalogueModel.objects.get().typed_retires_on is None


def test_only_admins_may(cast: Cast, model: CatalogueModel) -> None:
    for person in ("bob", "vera"):
        assert save(cast, model, "2026-12-16", person).status_code == 403
        assert "/retirement/" not in cast.client(person).get("/t/acme/models/").text
    assert cast.client("charlie").get(address(model)).status_code == 404
    assert cast.client("charlie").get(address(model, "others")).status_code == 404
    assert address(model) in cast.client("adam").get("/t/acme/models/").text
