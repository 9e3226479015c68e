"""Let an admin say when a model retires, where its provider does not, or says something else."""

from datetime import date

from django import forms
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.form_fields import DayField
from teams import audit
from teams.changes import change
from teams.models import Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.models import CatalogueModel, ModelChange

FIELD = "typed_retires_on"


class Deed(models.TextChoices):
    """What was done to models, in words that follow a person's name."""

    RETIREMENT_SET = "model.retirement_set", "said when it retires of the model"
    RETIREMENT_REMOVED = "model.retirement_removed", "took back when it retires of the model"


class RetirementForm(forms.Form):
    """On which day a model retires."""

    day = DayField(
        "Retires on",
        required=False,
        help_text="Shown within 180 days of it. Empty, what the provider tells counts.",
    )


def find(team: Team, model_id: int) -> CatalogueModel:
    """Return a model that the team was offered; 404 otherwise."""
    return get_object_or_404(CatalogueModel, team=team, pk=model_id)


def set_retirement(access: Access, model_id: int, day: date | None) -> CatalogueModel:
    """Let a day count as the one on which a model retires; None lets count what the provider tells."""
    with change(access, UsageAct.SET_RETIREMENTS) as actor:
        model = find(actor.team, model_id)
        before = model.typed_retires_on
        if before == day:
            return model
        model.typed_retires_on = day
        model.save(update_fields=[FIELD])
        texts = {"before": _text(before), "after": _text(day), "by": str(actor.user)[:254]}
        kind = ModelChange.Kind.CHANGED
        ModelChange.objects.create(model=model, at=timezone.now(), kind=kind, field=FIELD, **texts)
        deed = Deed.RETIREMENT_SET if day else Deed.RETIREMENT_REMOVED
        told = {"retires": [_text(before), _text(day)]}
        audit.record(actor.team, deed, by=actor.user, about=model, ip=access.ip, **told)
    return model


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
