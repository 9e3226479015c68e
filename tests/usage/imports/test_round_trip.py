"""What one team exports another one imports: the same numbers, by key, model and day."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from teams.models import Membership, Role, Team
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.exports.reading import answer, content, csv_rows
from tests.usage.imports.importing import assert_proven
from tests.usage.polled import answer as polled
from tests.usage.polled import make_meter, poll
from tests.usage.prices.priced import make_price
from usage.books.ingest import store
from usage.models import Import, Meter, Stretch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
MODELS = ("rax-4.0", "=SUM(A1)", "@home, “new”")


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Acme's owner; she has a second team, whose keys are called the same and were never polled."""
    later = Team.objects.create(name="Later", slug="later", time_zone="Asia/Kathmandu")
    Membership.objects.create(team=later, user=cast.alice, role=Role.OWNER)
    for name in ("Main key", "-Second"):
        make_key(later, cast.alice, name)
    return cast.client("alice")


def spend(cast: Cast, dice: Random) -> Counter[tuple[str, str]]:
    """Poll two keys for three weeks, with gaps; return what each used of each model."""
    spent: Counter[tuple[str, str]] = Counter()
    for key in (cast.key, make_key(cast.team, cast.alice, "-Second")):
        meter, counters = make_meter(key, BEGUN), dict.fromkeys(MODELS, 0)
        poll(meter, BEGUN + HOUR / 60, dict.fromkeys(MODELS, (0, 0)), BEGUN, BEGUN + 30 * DAY)
        at = BEGUN
        while at < BEGUN + 20 * DAY:
            at += dice.choice((HOUR, 2 * HOUR, 5 * HOUR, 40 * HOUR))
            for model in MODELS:
                more = dice.choice((0, 1, 7, 999))
                counters[model] += more
                spent[key.name, model] += more
            told = {model: (tokens, tokens // 3) for model, tokens in counters.items()}
            poll(meter, at, told, BEGUN, BEGUN + 30 * DAY)
    return spent


@pytest.mark.parametrize(("step", "bom"), [("hour", ""), ("3h", "&bom=1"), ("day", "&bom=1"), ("week", "")])
def test_another_team_imports_what_one_exports(alice: Client, cast: Cast, step: str, bom: str) -> None:
    spent = spend(cast, Random(step))
    question = f"by=key,model&start=2026-11-01&end=2026-11-23&step={step}"
    exported = content(answer(alice, "csv", question + bom))
    alice.post("/t/later/usage/imports/new/", {"file": SimpleUploadedFile("usage.csv", exported)})
    run_jobs()
    origin = Import.objects.get()
    assert origin.state == Import.State.READY, origin.faults
    alice.post(f"/t/later/usage/imports/{origin.pk}/take/")
    run_jobs()
    later = Team.objects.get(slug="later")
    found: Counter[tuple[str, str]] = Counter()
    for meter in Meter.objects.filter(team=later):
        for row in Stretch.objects.filter(meter=meter):
            for model, tokens in row.amounts.get("tokens", {}).items():
                found[meter.title, model] += tokens
    assert found == spent
    assert_proven(later)
    total = f"by=model&start=2026-10-25&end=2026-11-23&step=month&{bom}"
    assert sums(alice, total, "later") == sums(alice, total, "acme")
    for page in ("usage/?period=30d", "usage/?period=30d&by=key", "quota/", "models/", "keys/"):
        assert alice.get(f"/t/later/{page}").status_code == 200


def sums(alice: Client, question: str, team: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in csv_rows(alice, question, team):
        found[row["model"]] += int(row["amount"] or 0)
    return +found


def spend_money(cast: Cast) -> None:
    """A key whose provider tells what it cost, 1.25 EUR a day."""
    meter = make_meter(cast.key, BEGUN)
    for day in range(8):
        told = polled(meter, BEGUN + day * DAY + HOUR / 60, {MODELS[0]: (day, day)}, BEGUN, BEGUN + 30 * DAY)
        store([replace(told, cost=day * Decimal("1.25"), currency="EUR")])


def test_what_a_provider_told_of_cost_comes_with_it_and_goes_with_it(alice: Client, cast: Cast) -> None:
    spend_money(cast)
    question = "measure=cost&by=key&start=2026-11-01&end=2026-11-07&step=day"
    exported = content(answer(alice, "csv", question))
    alice.post("/t/later/usage/imports/new/", {"file": SimpleUploadedFile("usage.csv", exported)})
    run_jobs()
    origin = Import.objects.get()
    assert origin.state == Import.State.READY, origin.faults
    html = alice.get(f"/t/later/usage/imports/{origin.pk}/").content.decode()
    assert "Adds 7.50 EUR on 6 days between 1 November 2026 and 7 November 2026" in html
    assert 'data-label="Cost" class="num">7.50 EUR' in html
    alice.post(f"/t/later/usage/imports/{origin.pk}/take/")
    run_jobs()
    later = csv_rows(alice, "measure=cost&by=key&period=30d&step=month", "later")
    assert sum(Decimal(row["amount"] or 0) for row in later) == Decimal("7.50")
    assert {row["unit"] for row in later} == {"EUR"}
    assert_proven(Team.objects.get(slug="later"))
    alice.post(f"/t/later/usage/imports/{origin.pk}/undo/")
    run_jobs()
    assert not Stretch.objects.filter(meter__team__slug="later").exists()


def test_what_was_estimated_is_not_imported(alice: Client, cast: Cast) -> None:
    spend(cast, Random("estimated"))
    make_price(cast.team, model=MODELS[0], price="2500")
    exported = content(
        answer(alice, "csv", "measure=cost&by=key,model&start=2026-11-01&end=2026-11-07&step=day")
    )
    alice.post("/t/later/usage/imports/new/", {"file": SimpleUploadedFile("usage.csv", exported)})
    run_jobs()
    (((_, words),)) = Import.objects.get().faults["shown"]
    assert words.startswith("These costs are estimates")
