"""CSV and JSON of a question: sent while they are made, whole or in parts."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.exports.reading import answer, content, csv_rows, json_file
from tests.usage.polled import make_meter, poll
from usage.exports import parts
from usage.models import TeamModel

pytestmark = pytest.mark.usefixtures("noon")

SECOND, QUARTER, HALF = timedelta(seconds=1), timedelta(minutes=15), timedelta(milliseconds=500)
TODAY = "period=today"


@pytest.fixture
def vera(cast: Cast) -> Client:
    """Who may look, with a key whose 600 tokens of the last quarter of an hour were seen."""
    meter = make_meter(cast.key, NOON)
    for place, tokens in enumerate((1_000, 1_000, 1_600)):
        poll(meter, NOON - SECOND - (2 - place) * QUARTER, {"rax-4.0": (tokens, 10)}, *PERIOD)
    return cast.client("vera")


def test_a_row_of_csv_is_a_series_in_a_bucket(vera: Client) -> None:
    rows = csv_rows(vera, f"{TODAY}&step=15min")
    last = rows[-1]
    assert last == {
        "start": "2026-11-23T11:45:00+00:00",
        "end": "2026-11-23T12:00:00+00:00",
        "model": "rax-4.0",
        "model_id": str(TeamModel.objects.get().pk),
        "measure": "tokens",
        "unit": "tokens",
        "amount": "600",
        "quality": "provisional",
        "up_to_more": "",
        "note": "not complete yet",
        "stretch": "",
    }
    assert (rows[-2]["amount"], rows[-2]["quality"]) == ("0", "known")


def test_what_nobody_saw_is_an_empty_cell_and_never_zero(vera: Client) -> None:
    rows = csv_rows(vera, "start=2026-10-30&end=2026-11-02&step=day")
    assert [(row["amount"], row["quality"]) for row in rows if row["start"] < "2026-11"] == [
        ("", "unknown"),
        ("", "unknown"),
    ]
    (stretch,) = [row for row in rows if row["stretch"]]
    assert (stretch["amount"], stretch["up_to_more"]) == ("", "1000")


def test_json_says_what_the_numbers_are_of(vera: Client) -> None:
    told = json_file(vera, f"{TODAY}&step=15min")
    assert told["question"] == f"{TODAY}&step=15min"
    assert (told["measure"], told["by"], told["zone"], told["step"]) == ("tokens", ["model"], "UTC", "15min")
    assert datetime.fromisoformat(told["as_of"]) <= NOON
    assert told["rows"][-1] == {
        "start": "2026-11-23T11:45:00+00:00",
        "end": "2026-11-23T12:00:00+00:00",
        "model": {"id": str(TeamModel.objects.get().pk), "name": "rax-4.0"},
        "amount": 600,
        "quality": "provisional",
        "note": "not complete yet",
    }


def test_what_was_changed_to_answer_is_said(vera: Client) -> None:
    assert any("no period “nonsense”" in note for note in json_file(vera, "period=nonsense")["notes"])


def test_csv_begins_with_a_mark_of_its_encoding_where_that_is_asked_for(vera: Client) -> None:
    assert content(answer(vera, "csv", TODAY)).startswith(b"start,end,model,model_id,measure")
    assert content(answer(vera, "csv", f"{TODAY}&bom=1")).startswith(b"\xef\xbb\xbfstart,end,")


def test_files_are_named_by_team_days_and_part(vera: Client) -> None:
    response = answer(vera, "csv", "start=2026-11-20&end=2026-11-21")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="usage-acme-2026-11-20-2026-11-21.csv"'
    assert response["Content-Disposition"] == name


def test_a_team_with_a_strange_name_has_a_plain_file_name(cast: Cast, vera: Client) -> None:
    cast.team.name = '../"\r\nX: y\u202e.exe'
    cast.team.save()
    assert "usage-acme-" in answer(vera, "csv", TODAY)["Content-Disposition"]


ODD = [
    '=HYPERLINK("http://127.0.0.1/?"&A1)',
    "＋1",
    "-2+3",
    "@SUM(A1)",
    'Say "hi", all',
    "one\ntwo",
    "שלום \u202e",
]


def test_names_that_others_chose_are_text_and_come_whole(cast: Cast, vera: Client) -> None:
    for number, name in enumerate(ODD):
        key = make_key(cast.team, cast.alice, name)
        poll(make_meter(key, NOON), NOON - HALF, {f"={number}": (10, 1)}, *PERIOD)
    told = {row["key"] for row in csv_rows(vera, f"{TODAY}&by=key")}
    assert told == {"Main key", *(f"'{name}" for name in ODD[:4]), *ODD[4:]}
    assert {row["model"] for row in csv_rows(vera, TODAY)} == {
        "rax-4.0",
        *(f"'={n}" for n in range(len(ODD))),
    }
    assert {row["key"]["name"] for row in json_file(vera, f"{TODAY}&by=key")["rows"]} == {"Main key", *ODD}


def test_more_rows_are_told_in_parts(vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = csv_rows(vera, f"{TODAY}&step=15min")
    assert len(whole) > 40
    monkeypatch.setattr(parts, "MOST_ROWS", 20)
    monkeypatch.setattr(parts, "AT_ONCE", 7)
    asked = [f"{TODAY}&step=15min&part={number}" for number in (1, 2, 3)]
    assert [row for query in asked for row in csv_rows(vera, query)] == whole
    assert [len(json_file(vera, query)["rows"]) for query in asked] == [20, 20, len(whole) - 40]
    told = json_file(vera, asked[1])
    assert (told["part"], told["parts"]) == (2, 3)
    assert "part-2-of-3" in answer(vera, "csv", asked[1])["Content-Disposition"]
    for number in ("0", "4", "-1", "x", "٣", "99999999999"):
        assert answer(vera, "csv", f"{TODAY}&step=15min&part={number}").status_code == 404


def test_how_many_rows_and_parts_there_are_is_said_before(
    vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = vera.get(f"/t/acme/usage/export/?{TODAY}&step=15min").content.decode()
    assert f"{len(csv_rows(vera, f'{TODAY}&step=15min'))} rows" in html
    monkeypatch.setattr(parts, "MOST_ROWS", 20)
    html = vera.get(f"/t/acme/usage/export/?{TODAY}&step=15min").content.decode()
    assert "in 3 files" in html
    assert f"export.json?{TODAY}&amp;step=15min&amp;part=3" in html


def test_too_much_is_refused_in_words(cast: Cast, vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    models = {f"model-{number}": (10, 1) for number in range(60)}
    poll(make_meter(make_key(cast.team, cast.alice, "Many"), NOON), NOON - HALF, models, *PERIOD)
    monkeypatch.setattr("usage.exports.records.MOST_CELLS", 100)
    response = vera.get(f"/t/acme/usage/export.csv?{TODAY}&step=15min", follow=True)
    assert "choose a longer step, fewer days, or a filter" in response.content.decode()
    assert "choose a longer step" in vera.get(f"/t/acme/usage/export/?{TODAY}&step=15min").content.decode()


def test_a_team_without_numbers_has_no_file(cast: Cast) -> None:
    response = cast.client("vera").get("/t/acme/usage/export.csv", follow=True)
    assert "no number is known" in response.content.decode()


def test_there_are_no_files_of_other_kinds_or_of_other_teams(cast: Cast, vera: Client) -> None:
    assert answer(vera, "exe").status_code == 404
    assert answer(vera, "xlsx", TODAY).url == f"/t/acme/usage/export/?{TODAY}"
    assert answer(vera, "csv", team="others").status_code == 404
    assert answer(cast.client("charlie"), "csv").status_code == 404


def test_ids_of_another_team_name_nothing(cast: Cast, vera: Client) -> None:
    other = make_key(cast.other_team, cast.charlie, "Secret name")
    poll(make_meter(other, NOON), NOON - HALF, {"hidden-model": (777, 1)}, *PERIOD)
    model = TeamModel.objects.get(model="hidden-model").pk
    for query in (
        f"filter.key={other.pk}",
        f"filter.model={model}",
        f"anchor={other.meter.pk}&period=billing",
    ):
        text = content(answer(vera, "json", f"{query}&by=key,model")).decode()
        assert "Secret name" not in text
        assert "hidden-model" not in text
        assert "777" not in text
