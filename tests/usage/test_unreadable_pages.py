"""The pages say at once what of an answer cannot be read, and show no number that nobody knows."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.polls.telling import Provider
from usage.polls import polling

PAGES = ("usage", "quota", "keys")
BILLING = "/t/acme/usage/?period=billing"
SMALL = {"rax-4.5": {"tokens": 500, "requests": 5}}


@pytest.fixture
def vera(cast: Cast) -> Client:
    return cast.client("vera")


def told(provider: Provider, **fields: object) -> None:
    provider.tell(**fields)
    polling.poll_now()


def page(client: Client, address: str) -> str:
    """The words of a page."""
    response = client.get(address)
    assert response.status_code == 200
    words = re.sub(r"<[^>]*>", " ", unescape(response.content.decode()))
    return " ".join(words.replace("\u2068", "").replace("\u2069", "").split())


@pytest.mark.parametrize("name", PAGES)
def test_each_page_says_at_once_why_an_answer_cannot_be_read(provider, vera, name):
    told(provider, period_end="2020-01-01T00:00:00Z")
    words = page(vera, f"/t/acme/{name}/")
    assert "the api's answer cannot be read" in words.lower()
    assert "Its period ends before it begins." in words


def test_nobody_waits_for_numbers_that_cannot_be_read(provider, vera):
    told(provider, period_start=None)
    assert "Asking for the first numbers" not in page(vera, "/t/acme/usage/")
    assert "No number is known" in page(vera, "/t/acme/usage/")
    words = page(vera, "/t/acme/quota/")
    assert "asking for the first numbers" not in words
    assert "Tokens today –" in words


@pytest.mark.parametrize("name", PAGES)
def test_each_page_names_the_part_that_cannot_be_read(provider, vera, name):
    told(provider, breakdown=SMALL | {"rax-4.0": {"tokens": "1000", "requests": 10}})
    words = page(vera, f"/t/acme/{name}/")
    assert "the tokens of “rax-4.0” (text, not a number)" in words


def test_what_can_be_read_is_shown(provider, vera):
    told(provider, breakdown=SMALL | {"": {"tokens": 1_000, "requests": 10}})
    words = page(vera, BILLING)
    assert "a model without a name" in words
    assert "Total 1,500 15" in words


@pytest.mark.parametrize("name", PAGES)
def test_an_answer_that_can_be_read_is_no_news(provider, vera, name):
    told(provider, period_start=None)
    told(provider)
    words = page(vera, f"/t/acme/{name}/")
    assert "cannot be read" not in words


def test_what_was_known_before_stays_on_the_page(provider, vera):
    told(provider)
    told(provider, total_tokens="2000", total_requests=None)
    words = page(vera, BILLING)
    assert "It cannot be counted without the total of tokens (text, not a number), the total of" in words
    assert "1,500" in words


def test_a_total_that_is_not_told_is_a_dash_and_the_other_a_number(provider, vera):
    told(provider, total_requests=None)
    words = page(vera, BILLING)
    assert "Tokens 1,500 " in words
    assert "Requests – " in words
    assert "the total of requests (missing)" in words
    assert "Total 1,500 – –" in words
    requests = page(vera, f"{BILLING}&metric=requests")
    assert "Tokens 1,500 " in requests
    assert "Requests – " in requests
    assert not re.search(r"Total 0|\b0 requests", requests)
    assert not re.search(r"\b0 requests?", page(vera, "/t/acme/quota/"))


def test_a_total_that_is_told_no_more_is_a_lower_bound(provider, vera):
    told(provider)
    told(provider, total_requests="16", total_tokens=1_600)
    words = page(vera, BILLING)
    assert "Tokens 1,600 " in words
    assert "Requests at least 15" in words
    assert "1,600 No limit at least 15 requests" in page(vera, "/t/acme/quota/")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("name", PAGES)
def test_no_end_of_time_breaks_a_page(provider, vera, cast, zone, name):
    cast.team.time_zone = cast.team.quota_time_zone = zone
    cast.team.save()
    told(provider, period_end="9998-12-31T23:59:59Z")
    page(vera, f"/t/acme/{name}/")
    told(provider, period_end="9999-12-31T23:59:59Z", period_start="2026-11-01")
    page(vera, f"/t/acme/{name}/")
