"""What programs are told of usage is what is computed independently, in whatever zone and pages they ask."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from teams.models import Membership, Role, Team, User
from tests.cast import Cast, make_key
from tests.teams.tokens.made import make_token
from tests.usage.api.conftest import QUARTER, SECOND, set_clock
from tests.usage.api.program import Program, program_of
from tests.usage.explore import companies
from tests.usage.explore.companies import Company
from tests.usage.explore.reading import NOON, PERIOD, id_of
from tests.usage.exports.asking import Question, drawn_question
from tests.usage.exports.reading import csv_rows, json_file
from tests.usage.polled import make_meter, poll, run
from tests.usage.prices.priced import make_price
from usage.explore.query.dimensions import Dimension
from usage.explore.reading.scope.series import DATED
from usage.models import Meter, TeamModel

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ZONES = ("Asia/Kathmandu", "America/St_Johns", "UTC", "Pacific/Apia")


def program_in(company: Company) -> Program:
    """A program that may read a company."""
    ann = User.objects.order_by("pk").first()
    Membership.objects.get_or_create(team=company.team, user=ann, role=Role.OWNER)
    row, token = make_token(company.team, ann)
    return Program(token, row)


def assert_computed(company: Company, question: Question, rows: list[Any]) -> None:
    """By series they come to what is computed of the model alone."""
    sums: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        sums[tuple(row[one.value]["id"] for one in question.query.by)] += row["amount"] or 0
    answer = question.expected(company)
    assert {one: sum_ for one, sum_ in sums.items() if sum_} == {
        one: amount for one, amount in answer.sums.items() if amount
    }


def in_zone(company: Company, zone: str) -> Company:
    """The same company, whose days begin elsewhere."""
    return replace(company, team=Team(**{**_fields(company.team), "time_zone": zone}))


def _fields(team: Team) -> dict[str, Any]:
    return {field.attname: getattr(team, field.attname) for field in Team._meta.concrete_fields}


@pytest.mark.django_db
def test_they_are_the_computed_numbers_in_any_zone_and_in_any_pages(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000
    for company in companies.found(range(741, 743)):
        set_clock(monkeypatch, company.now)
        program, reader = program_in(company), Client()
        reader.force_login(program.row.created_by, backend=BACKEND)
        for number in range(8):
            dice = Random(f"api {company.number} {number}")
            question, parts = drawn_question(company, dice), {}
            known = company
            if DATED.isdisjoint(_dimensions(question)) and dice.random() < 0.7:
                parts["tz"] = dice.choice(ZONES)
                known = in_zone(company, parts["tz"])
            asked = {**question.parts, **parts}
            whole = program.read("usage", **asked, limit=5_000)
            assert_computed(known, question, whole["rows"])
            limit = max(1, len(whole["rows"]) // dice.randint(1, 4))
            assert list(program.rows("usage", **asked, limit=limit)) == whole["rows"]
            if not parts:
                assert_as_in_files(reader, company, question, whole)


def assert_as_in_files(reader: Client, company: Company, question: Question, found: Any) -> None:
    """What a program is told are the rows and the sum of the files that people take away."""
    address = question.query.address()
    told = json_file(reader, address, company.team.slug)
    assert (told["rows"], told["total"]) == (found["rows"], found["question"]["total"])
    lines = csv_rows(reader, address, company.team.slug)
    assert [(line["start"], line["amount"], line["quality"]) for line in lines] == [
        (row["start"], cell(row["amount"]), row["quality"]) for row in found["rows"]
    ]
    others = [row.get("compared") or {} for row in found["rows"]]
    assert [(line.get("compared_start", ""), line.get("compared_amount", "")) for line in lines] == [
        (other.get("start", ""), cell(other.get("amount"))) for other in others
    ]


def cell(amount: int | str | None) -> str:
    return "" if amount is None else str(amount)


def _dimensions(question: Question) -> set[Dimension]:
    return {*question.query.by, *(each.dimension for each in question.query.filters)}


def test_it_says_what_was_asked_since_when_and_how_sure_it_is(watched: Cast, alice: Program) -> None:
    found = alice.read("usage", start="2026-11-23", end="2026-11-23", step="hour", by="key,model")
    assert found["as_of"] == "2026-11-23T11:59:59Z"
    assert found["question"] == {
        "measure": "tokens",
        "by": ["key", "model"],
        "tz": "UTC",
        "filter": {},
        "start": "2026-11-23T00:00:00+00:00",
        "end": "2026-11-24T00:00:00+00:00",
        "step": "hour",
        "total": {"amount": 1_000, "quality": "at least", "up_to_more": 1_000},
    }
    *_, last = found["rows"]
    assert last == {
        "start": "2026-11-23T11:00:00+00:00",
        "end": "2026-11-23T12:00:00+00:00",
        "key": {"id": str(watched.key.pk), "name": "Main key"},
        "model": {"id": str(id_of("rax-4.0")), "name": "rax-4.0"},
        "amount": 1_000,
        "quality": "at least",
        "note": "not complete yet",
    }


def test_what_nobody_saw_has_no_amount_and_what_is_nothing_is_zero(alice: Program) -> None:
    rows = alice.read("usage", start="2026-10-30", end="2026-11-23", step="15min")["rows"]
    at = {row["start"]: row for row in rows if "stretch" not in row}
    unseen = at["2026-10-31T23:45:00+00:00"]
    assert (unseen["amount"], unseen["quality"], unseen["note"]) == (None, "unknown", "nothing was seen")
    (stretch,) = [row for row in rows if "stretch" in row]
    assert stretch["amount"] == 1_000


def test_of_nothing_at_all_it_says_when_that_was_told(watched: Cast, alice: Program) -> None:
    idle = TeamModel.objects.create(team=watched.team, model="idle")
    for asked in ({"filter__model": idle.pk}, {"filter__owner": "none"}):
        found = alice.read("usage", **asked)
        assert (found["as_of"], found["rows"]) == ("2026-11-23T11:59:59Z", [])
        assert found["question"]["total"] == {"amount": 0, "quality": "known"}


def test_the_zone_is_where_days_begin(watched: Cast, alice: Program) -> None:
    found = alice.read("usage", period="today", step="day", tz="Asia/Kathmandu")
    (row,) = [row for row in found["rows"] if "stretch" not in row]
    assert (row["start"], row["end"]) == ("2026-11-23T00:00:00+05:45", "2026-11-24T00:00:00+05:45")
    watched.team.refresh_from_db()
    assert watched.team.time_zone == "UTC"


def test_money_is_told_with_all_its_digits(watched: Cast, alice: Program) -> None:
    make_price(watched.team, model="rax-4.0", price="2500")
    found = alice.read("usage", measure="cost", period="today", step="day")
    assert found["question"]["currency"]
    assert found["question"]["is_estimate"] is True
    (row,) = [row for row in found["rows"] if "stretch" not in row]
    assert row["amount"] == "2.50"


def test_each_row_tells_what_it_is_compared_with_and_of_when(watched: Cast, alice: Program) -> None:
    """Of a day that goes on no more of the other one counts than has passed."""
    found = alice.read("usage", period="today", step="hour", compare="previous")
    assert found["question"]["compare"] == {
        "start": "2026-11-22T00:00:00+00:00",
        "end": "2026-11-22T12:00:00+00:00",
        "total": {"amount": None, "quality": "unknown", "up_to_more": 1_000},
    }
    last = [row for row in found["rows"] if "stretch" not in row][-1]
    assert (last["start"], last["amount"], last["compared"]) == (
        "2026-11-23T11:00:00+00:00",
        1_000,
        {
            "start": "2026-11-22T11:00:00+00:00",
            "end": "2026-11-22T12:00:00+00:00",
            "amount": None,
            "quality": "unknown",
        },
    )
    assert "compared" not in alice.read("usage", period="today", step="hour")["rows"][-1]


def test_what_was_used_only_then_is_a_row_too(watched: Cast, alice: Program) -> None:
    spend(watched, watched.bob, 100, NOON - QUARTER - timedelta(days=1))
    found = alice.read("usage", by="member", period="today", step="day", compare="previous")
    assert found["question"]["compare"]["total"] == {"amount": 100, "quality": "known"}
    (row,) = found["rows"]
    assert (row["member"]["name"], row["amount"], row["compared"]["amount"]) == ("Bob", 0, 100)


def test_a_cursor_is_of_its_own_question(alice: Program) -> None:
    cursor = alice.read("usage", period="30d", step="day", limit=2)["next"]
    assert alice.ask("usage", period="30d", step="day", limit=5, cursor=cursor).status_code == 200
    assert alice.refusal("usage", period="7d", step="day", cursor=cursor) == (400, "cursor_invalid")
    assert alice.refusal("keys", cursor=cursor) == (400, "cursor_invalid")


def test_rows_come_once_while_new_ones_come(
    watched: Cast, alice: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"by": "model", "period": "today", "step": "15min", "limit": 3}
    first = alice.read("usage", **asked)
    set_clock(monkeypatch, NOON + 2 * QUARTER)
    counters = {"rax-4.0": (2_000, 20), "a-model": (500, 5)}
    poll(Meter.objects.get(), NOON + QUARTER - SECOND, counters, *PERIOD)
    rest: list[Any] = []
    cursor = first["next"]
    while cursor:
        page = alice.read("usage", **asked, cursor=cursor)
        rest, cursor = [*rest, *page["rows"]], page["next"]
    places = [(row["start"], row["model"]["id"]) for row in (*first["rows"], *rest)]
    assert len(places) == len(set(places))
    assert sum(row["amount"] or 0 for row in (*first["rows"], *rest)) == 1_500


def test_the_next_page_has_an_address(alice: Program) -> None:
    answer = alice.ask("usage", period="30d", step="day", limit=2)
    address = answer["Link"].removeprefix("<").removesuffix('>; rel="next"')
    again = alice.client.get(address, headers={"Authorization": f"Bearer {alice.token}"})
    assert again.json()["rows"] != answer.json()["rows"]


def spend(cast: Cast, user: User, tokens: int, at: datetime = NOON - QUARTER) -> None:
    """Let somebody have run something through raxdash."""
    run(cast.key, at, tokens, member_id=user.pk, model="rax-4.0")


def test_mine_is_what_the_maker_of_the_token_ran(watched: Cast, alice: Program) -> None:
    spend(watched, watched.alice, 70)
    spend(watched, watched.bob, 5)
    bob = program_of(watched, "bob")
    for program, used in ((alice, 70), (bob, 5)):
        found = program.read("me/usage", period="today")
        assert sum(row["amount"] for row in found["rows"]) == used
        assert found["question"]["total"] == {"amount": used, "quality": "known"}
    spend(watched, watched.bob, 1)
    assert bob.read("me/usage", period="today")["question"]["total"]["amount"] == 6
    assert bob.refusal("me/usage", filter__member=str(watched.alice.pk)) == (400, "parameter_unknown")


def test_each_keys_own_period_is_a_row(watched: Cast, alice: Program) -> None:
    other = make_meter(make_key(watched.team, watched.alice, "Second"), NOON)
    tenth = PERIOD[0] + timedelta(days=9), PERIOD[1] + timedelta(days=9)
    poll(other, NOON - SECOND, {"rax-4.0": (234, 2)}, *tenth)
    rows = alice.read("usage", period="billing")["rows"]
    assert [(row["account"]["name"], row["amount"]) for row in rows] == [("Second", 234), ("Main key", 2_000)]
    assert list(alice.rows("usage", period="billing", limit=1)) == rows


def test_a_team_without_numbers_is_told_none(cast: Cast) -> None:
    found = program_of(cast, "charlie").read("usage")
    assert (found["as_of"], found["rows"], found["next"]) == (None, [], None)
    assert found["question"]["total"] == {"amount": None, "quality": "unknown"}
