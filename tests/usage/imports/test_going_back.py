"""A version before imports knows a day once, and all days count: going back to it, days of imports go."""

from importlib import import_module

import pytest
from django.apps import apps

from tests.cast import Cast
from tests.usage.imports.importing import NOVEMBER, access_of, give, rows, take_in
from usage.books import told_days
from usage.books.told_days import ToldDayRow
from usage.ledger.words import DAY, microseconds
from usage.models import Meter, ToldDay

pytestmark = pytest.mark.django_db

BACK = "usage.migrations.0048_going_back_forgets_imports"


def test_only_days_of_no_import_stay(cast: Cast) -> None:
    access = access_of(cast.team, cast.adam)
    for tokens in (50, 60):
        take_in(access, give(access, rows([1], tokens=tokens)))
    give(access, rows([2]))
    start = microseconds(NOVEMBER)
    told_days.store(
        [
            ToldDayRow(
                Meter.objects.get().pk, start, start + DAY, 7, 1, {}, ToldDay.Source.DATE_RANGE, NOVEMBER
            )
        ]
    )
    assert ToldDay.objects.count() == 4
    import_module(BACK).forget(apps, None)
    assert ToldDay.objects.get().total_tokens == 7
