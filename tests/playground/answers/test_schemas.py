"""The JSON of an answer, held against a schema that somebody pasted, whatever that is."""

import asyncio
import json

import pytest

from playground.answers import schemas
from playground.answers.schemas import check, place_of
from playground.models import Run
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words

PRICED = {
    "type": "object",
    "properties": {
        "priority": {"enum": ["low", "high"]},
        "lines": {"items": {"properties": {"unit price": {"type": "number"}}}},
    },
    "required": ["priority"],
}
# Each names the next one twice: all together they are asked 2 ** 40 times.
DOUBLING = {
    "$defs": {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)} | {"a40": {}},
    "$ref": "#/$defs/a0",
}


def errors(schema: object, value: object) -> list[tuple[str, str]]:
    verdict = check(json.dumps(schema), json.dumps(value))
    assert verdict.problem == ""
    return [(error.place, error.message) for error in verdict.errors]


def test_what_fits_fits() -> None:
    assert check(json.dumps(PRICED), '{"priority": "low"}').fits


def test_each_error_names_its_place() -> None:
    found = errors(PRICED, {"priority": "no", "lines": [{}, {"unit price": "x"}]})
    assert ("priority", '"no" is not one of "low" or "high"') in found
    assert ('lines[1]["unit price"]', '"x" is not of type "number"') in found
    assert errors(PRICED, {}) == [("", '"priority" is a required property')]


def test_places_are_written_as_programs_do() -> None:
    assert place_of(["a", 0, "b c", "d"]) == 'a[0]["b c"].d'
    assert place_of([0, "a"]) == "[0].a"


@pytest.mark.parametrize(
    "around",
    [
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": PRICED}}},
        {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": PRICED}},
        {"name": "a", "schema": PRICED},
    ],
)
def test_a_schema_is_taken_out_of_what_a_request_says(around: object) -> None:
    assert errors(around, {}) == [("", '"priority" is a required property')]
    assert errors(around, {"priority": "low"}) == []


def test_a_schema_may_check_nothing_where_it_says_nothing() -> None:
    assert errors({}, 1) == errors(True, 1) == []
    assert errors({"type": "object", "schema": {"type": "string"}}, {}) == []


def test_numbers_of_any_size_are_numbers() -> None:
    assert check('{"type": "number", "minimum": 0}', "1e400").fits
    assert check('{"type": "integer"}', "9" * 5_000).fits


@pytest.mark.parametrize(
    "address", ["https://example.com/a.json", "http://169.254.169.254/", "file:///etc/passwd"]
)
def test_nothing_is_fetched(address: str) -> None:
    verdict = check(json.dumps({"properties": {"a": {"$ref": address}}}), "{}")
    assert verdict.problem.startswith(
        f"The schema refers to “{address}”, which is not in it. Nothing is fetched"
    )


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (" ", "Paste a JSON Schema."),
        ('{"a" 1}', "The schema is not JSON. Line 1, column 6: a colon is missing after the name."),
        ("[]", 'The schema is none that can be used: [] is not of types "boolean", "object"'),
        ('{"$ref": "#/$defs/a"}', "Pointer '/$defs/a' does not exist"),
        ('{"town": "Bath"}', "This checks nothing: JSON Schema has no “town”"),
        ('{"type": "json_schema", "json_schema": {"name": "a"}}', "This checks nothing"),
        ('{"pattern": "(?=a)b"}', "without look-around and back-references"),
        (f'{{"title": "{"x" * schemas.MOST_CHARS}"}}', "A schema may have 100,000 characters."),
    ],
)
def test_what_is_no_schema_is_said_in_words(schema: str, problem: str) -> None:
    assert problem in check(schema, "{}").problem


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (json.dumps(DOUBLING), "1"),
        ('{"not":' * 5_000 + "{}" + "}" * 5_000, "1"),
        ('{"pattern": "^(a+)+$"}', f'"{"a" * 300_000}b"'),
        ('{"pattern": "((a{1,100}){1,100}){1,100}"}', '"a"'),
        ('{"properties": {"a": {"$ref": "#"}}}', '{"a":' * 5_000 + "1" + "}" * 5_000),
        ('{"$ref": "#"}', "1"),
        ('{"uniqueItems": true}', json.dumps([{"a": n} for n in range(20_000)])),
        ('{"items": {"type": "string"}}', json.dumps(list(range(50_000)))),
    ],
)
def test_a_hostile_schema_ends_with_a_verdict(schema: str, text: str) -> None:
    verdict = check(schema, text)
    assert len(verdict.errors) <= 50
    assert all(len(error.message) < 1_000 for error in verdict.errors)


def test_a_schema_that_takes_too_much_says_so() -> None:
    assert check(json.dumps(DOUBLING), "1").problem == schemas.NOT_CHECKED


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(answer='Here:\n```json\n{"priority": "no"}\n```', finish_reason="stop")


def held(cast: Cast, run: Run, schema: object, person: str = "vera") -> str:
    answer = cast.client(person).post(
        f"/t/acme/playground/runs/{run.pk}/schema/", {"schema": json.dumps(schema)}
    )
    return without_directions(answer.text)


def test_the_page_of_a_run_holds_its_answer_against_one(cast: Cast, run: Run) -> None:
    shown = held(cast, run, PRICED)
    assert 'Valid JSON, but not this schema: priority : "no" is not one of' in words(shown)
    assert "&quot;required&quot;: [&quot;priority&quot;]" in shown
    assert "Fits the schema" in words(held(cast, run, {"type": "object"}))


def test_another_team_holds_nothing_against_it(cast: Cast, run: Run) -> None:
    address = f"/t/acme/playground/runs/{run.pk}/schema/"
    assert cast.client("charlie").post(address, {"schema": "{}"}).status_code == 404


async def test_those_who_come_while_many_wait_are_sent_away() -> None:
    checks, text = schemas.Checks(), json.dumps(DOUBLING)
    verdicts = await asyncio.gather(*(checks.check("{}", "1") for _ in range(schemas.MOST_WAITING + 2)))
    assert [verdict.problem for verdict in verdicts].count(schemas.BUSY) == 2
    assert (await checks.check(text, "1")).problem == schemas.NOT_CHECKED
