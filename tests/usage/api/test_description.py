"""The description of the API is sound, says what the code does, and what is really answered is as it says."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis.strategies import one_of
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis import checks as known_checks
from schemathesis.checks import load_all_checks
from schemathesis.schemas import APIOperation

from tests.cast import Cast
from tests.installation import ROOT
from tests.teams.tokens.made import bearer
from tests.usage.api.program import API, Program
from tests.usage.prices.priced import make_price
from usage.api.allowance import Allowance
from usage.api.description import FILE
from usage.api.problems import CODES
from usage.api.urls import RESOURCES

DOCUMENT = json.loads(FILE.read_text())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS: list[APIOperation] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]
load_all_checks()
CHECKS: list[Any] = [
    known_checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]
BASE = f"http://testserver{API.rstrip('/')}"
# What pages can show, and what is refused.
QUESTIONS = (
    "",
    "period=30d&step=day&by=key,model&limit=3",
    "start=2026-10-30&end=2026-11-23&step=15min&limit=5000",
    "period=billing&by=key",
    "measure=cost&period=month&compare=previous&tz=Asia/Kathmandu",
    "by=label,member&period=7d&attributes=today&complete=1",
    "filter.model=!999&hide=none",
    "measure=bytes",
    "cursor=x",
)


def as_described(answer: Any, sent: requests.PreparedRequest) -> httpx.Response:
    """An answer of ours, as it would have come over the wire."""
    asked = httpx.Request(sent.method, sent.url)
    told = httpx.Response(
        answer.status_code, headers=list(answer.items()), content=answer.content, request=asked
    )
    told.elapsed = timedelta()
    return told


def asked(program: Program, path: str, headers: Any = (), **options: Any) -> httpx.Response:
    """What a program is answered that sends its token."""
    sent = requests.Request("GET", BASE + path, headers=dict(headers), **options).prepare()
    names = {name: str(value) for name, value in sent.headers.items() if name != "Authorization"}
    answer = program.client.get(sent.path_url, headers=names | bearer(program.token))
    return as_described(answer, sent)


def test_it_is_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_whoever_asks_is_told_it(client: Any) -> None:
    answer = client.get(f"{API}openapi.json")
    assert (answer.json(), answer["Content-Type"]) == (DOCUMENT, "application/json")


def test_it_names_every_address_with_its_parameters_and_scope() -> None:
    paths = {path.lstrip("/"): item["get"] for path, item in DOCUMENT["paths"].items()}
    assert paths.keys() == {*RESOURCES, "openapi.json"}
    for path, found in RESOURCES.items():
        assert paths[path]["security"] == [{"token": [found.scope.value]}]
        named = {each["$ref"].rpartition("/")[2] for each in paths[path]["parameters"]} - {"if_none_match"}
        assert named == {*found.names, "limit", "cursor"}


def test_headers_of_limits_are_those_that_are_sent() -> None:
    sent = Allowance(1, 1, 1).headers.keys()
    assert {name for name in DOCUMENT["components"]["headers"] if name.startswith("RateLimit")} == set(sent)


def test_the_page_of_docs_names_every_code() -> None:
    table = (ROOT / "docs/api.md").read_text().rpartition("## When")[2]
    rows = [line.split(" | ")[1] for line in table.splitlines() if re.match(r"\| \d{3}", line)]
    sources = [*(ROOT / "usage/api").rglob("*.py"), ROOT / "teams/tokens/access.py"]
    code = "\n".join(path.read_text() for path in sources)
    told = set(re.findall(r'"((?:parameter|question|cursor|token)_[a-z_]+)"', code)) - {"token_scope"}
    assert {word for row in rows for word in re.findall(r"`(\w+)`", row)} == told | set(CODES.values())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_what_is_answered_is_as_described(watched: Cast, alice: Program, operation: APIOperation) -> None:
    make_price(watched.team, model="rax-4.0")
    for question in QUESTIONS if "usage" in operation.path else ("", "limit=1", "colour=red"):
        found = asked(alice, f"{operation.path}?{question}")
        operation.validate_response(found)
        again = asked(
            alice, f"{operation.path}?{question}", {"If-None-Match": found.headers.get("ETag", "x")}
        )
        assert again.status_code == (304 if found.status_code == 200 else found.status_code)
    alice.token = "rxd_"
    operation.validate_response(asked(alice, operation.path))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_whatever_is_asked_is_answered_as_described(
    watched: Cast, alice: Program, operation: APIOperation, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000

    @given(case=one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    @hypothesis_settings(
        max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def try_it(case: schemathesis.Case) -> None:
        sent = case.as_transport_kwargs(base_url=BASE)
        found = asked(alice, operation.path, sent["headers"], params=sent.get("params"))
        case.validate_response(found, checks=CHECKS)

    try_it()
