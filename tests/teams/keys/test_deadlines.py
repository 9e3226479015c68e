"""How long runs with a key wait: numbers of the key's own, and what is empty is as everywhere."""

import pytest

from teams.models import AuditEntry
from tests.cast import Cast
from tests.teams.keys.test_page import fresh, page, save

OWN = {
    "connect_seconds": "5",
    "first_token_seconds": "900",
    "between_tokens_seconds": "",
    "whole_seconds": "3600",
}


def test_it_saves_what_is_a_key_s_own(cast: Cast) -> None:
    save(cast, **OWN)
    timeouts = fresh(cast).timeouts()
    assert (timeouts.connect_seconds, timeouts.first_token_seconds) == (5, 900)
    assert (timeouts.between_tokens_seconds, timeouts.whole_seconds) == (120, 3_600)


def test_what_is_emptied_is_as_everywhere_again(cast: Cast) -> None:
    save(cast, **OWN)
    save(cast)
    assert set(fresh(cast).own_deadlines().values()) == {None}


def test_the_page_shows_what_holds_everywhere(cast: Cast, settings) -> None:
    settings.RUN_FIRST_TOKEN_SECONDS = 77
    text = cast.client("adam").get(page(cast.key)).text
    assert 'placeholder="77"' in text
    assert "<details" in text
    assert " open>" not in text


def test_the_page_opens_on_what_is_a_key_s_own(cast: Cast) -> None:
    save(cast, **OWN)
    text = cast.client("adam").get(page(cast.key)).text
    assert " open>" in text
    assert 'value="900"' in text


@pytest.mark.parametrize("wrong", ["0", "-1", "86401", "1.5", "x", "1e3"])
@pytest.mark.parametrize("name", ["first_token_seconds", "between_tokens_seconds", "whole_seconds"])
def test_it_refuses_what_is_no_time(cast: Cast, name: str, wrong: str) -> None:
    answer = save(cast, **{name: wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert fresh(cast).own_deadlines()[name] is None


def test_the_audit_trail_tells_of_it(cast: Cast) -> None:
    save(cast, whole_seconds="3600")
    entry = AuditEntry.objects.latest("pk")
    assert entry.details["whole_seconds"] == [None, 3_600]
