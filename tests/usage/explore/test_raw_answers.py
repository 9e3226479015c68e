"""Raw answers: what a provider sent, one by one, with why one does not count; never a secret."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from rax import RawAnswer
from rax._key import Redactor
from tests.cast import Cast
from tests.usage.explore.proven import body, rows, told
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import answer, at_once
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.explore.proof import answers
from usage.models import Meter, RawPoll

pytestmark = pytest.mark.usefixtures("noon")

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
OCTOBER = PERIOD[0] - 31 * DAY, PERIOD[0]


def failed(meter: Meter, at: datetime, status: int, error: str) -> None:
    store([Answer(meter.pk, int(at.timestamp()), at, at + SECOND, 300, status, error=error)])


def listed(client: Client, meter: Meter, query: str = "") -> list[list[str]]:
    began = int(PERIOD[0].timestamp()) * 1_000_000
    return rows(body(client, f"proof/{meter.pk}/{began}/{query}"), "answers")


def test_they_are_listed_newest_first_with_why_one_does_not_count(meter: Meter, alice: Client) -> None:
    told(meter, NOON - 9 * HOUR, 900)
    told(meter, NOON - 8 * HOUR, 700)
    told(meter, NOON - 7.9 * HOUR, 950)
    told(meter, NOON - 7 * HOUR, 1_000, OCTOBER)
    failed(meter, NOON - 6 * HOUR, 503, "The server answered 503.")
    told(meter, NOON - 5 * HOUR, 990)
    told(meter, NOON - 4 * HOUR, 800)
    told(meter, NOON - 3 * HOUR, 810)
    told(meter, NOON - 1 * HOUR, 790)
    assert listed(alice, meter) == [
        ["11:00", "200", "790", "7", "No. It tells less than before; it is waited whether that stays."],
        [
            "09:00",
            "200",
            "810",
            "8",
            f"Yes. {answers.CORRECTED}",
        ],
        [
            "08:00",
            "200",
            "800",
            "8",
            f"Yes. {answers.CORRECTED}",
        ],
        ["07:00", "200", "990", "9", "Yes"],
        ["06:00", "503", "–", "–", "No. The server answered 503."],
        [
            *("05:00", "200", "1,000", "10"),
            f"No. {answers.OLDER} It tells the period 1 – 31 Oct",
        ],
        ["04:06", "200", "950", "9", "Yes"],
        [
            *("04:00", "200", "700", "7"),
            f"No. {answers.CAME_BACK}",
        ],
        ["03:00", "200", "900", "9", "Yes"],
    ]
    assert [row[0] for row in listed(alice, meter, "?show=unread")] == ["06:00"]


def test_there_are_pages_of_them(meter: Meter, alice: Client, django_assert_max_num_queries) -> None:
    with at_once():
        for n in range(120):
            told(meter, NOON - timedelta(minutes=5 * n + 5), 10_000 - n)
    with django_assert_max_num_queries(12):
        assert len(listed(alice, meter)) == 50
    assert len(listed(alice, meter, "?page=3")) == 20


def test_one_is_shown_as_it_came_without_the_key(cast: Cast, meter: Meter, alice: Client) -> None:
    secret = "rax_live_0123456789abcdef"
    raw = f'{{"total_tokens": 5, "total_tokens": 7, "echo": "Bearer {secret}", "deep": [1, {{}}]}}'
    received = RawAnswer.of(
        200, {"x-api-key": secret, "set-cookie": "session=1"}, raw.encode(), Redactor(secret).redact_bytes
    )
    store([replace(answer(meter, NOON - HOUR, {"m": (7, 1)}, *PERIOD), received=received)])
    html = body(alice, f"proof/answers/{RawPoll.objects.get().pk}/")
    shown = html.partition('id="body"')[2].partition(">")[2].partition("</pre>")[0]
    assert shown.splitlines() == [
        "{",
        '  "total_tokens": 5,',
        '  "total_tokens": 7,',
        '  "echo": "Bearer ***",',
        '  "deep": [',
        "    1,",
        "    {}",
        "  ]",
        "}",
    ]
    assert secret not in html
    assert "session=1" not in html


def test_nobody_else_sees_them(cast: Cast, meter: Meter) -> None:
    told(meter, NOON - HOUR, 900)
    began, poll_id = int(PERIOD[0].timestamp()) * 1_000_000, RawPoll.objects.get().pk
    for path in (f"{meter.pk}/{began}/", f"answers/{poll_id}/"):
        assert cast.client("charlie").get(f"/t/acme/usage/proof/{path}").status_code == 404
        assert cast.client("charlie").get(f"/t/others/usage/proof/{path}").status_code == 404
        assert cast.client("vera").get(f"/t/acme/usage/proof/{path}").status_code == 200


@pytest.mark.parametrize("path", ["1/2/", f"{10**30}/1/", f"1/{10**30}/", f"answers/{10**30}/", "answers/7/"])
def test_what_is_not_there_is_not_found(meter: Meter, alice: Client, path: str) -> None:
    assert alice.get(f"/t/acme/usage/proof/{path}").status_code == 404
