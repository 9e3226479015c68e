"""Names that others chose stand by themselves: one that runs from right to left turns nothing round."""

import re

import pytest

from teams import audit
from teams.models import Deed
from tests.cast import Cast
from tests.teams.tokens.made import make_token
from tests.usage.explore.frozen_page import make_frozen
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.explore.saved.saving import make_view
from tests.usage.notes.writing import make_note
from tests.usage.polled import make_meter, poll
from usage.models import FrozenReport

TURNED = "a\u202eb"
PROOF = tuple(f"usage/proof/{part}?period=billing" for part in ("", "seen/", "own/"))
PAGES = (
    *PROOF,
    "usage/?period=billing",
    "usage/accounts/",
    "usage/notes/",
    "usage/frozen/",
    "models/",
    "keys/",
    "members/",
    "tokens/",
    "settings/",
    "audit/",
)


@pytest.fixture
def turned(cast: Cast) -> Cast:
    """Everything that has a name has one that turns round what follows it."""
    cast.team.name, cast.alice.name, cast.key.name = (f"{TURNED} {what}" for what in ("team", "alice", "key"))
    cast.key.project = TURNED
    for thing in (cast.team, cast.alice, cast.key):
        thing.save()
    poll(make_meter(cast.key, NOON), NOON, {TURNED: (1_000, 10)}, *PERIOD)
    make_note(cast.team, cast.alice, TURNED)
    kept = make_frozen(cast.team, cast.alice)
    FrozenReport.objects.filter(pk=kept.pk).update(title=TURNED)
    make_view(cast.team, None, TURNED)
    make_token(cast.team, cast.alice, name=TURNED)
    audit.record(cast.team, Deed.KEY_CHECKED, by=cast.alice, about=cast.key)
    return cast


@pytest.mark.parametrize("path", PAGES)
def test_no_name_turns_round_the_words_beside_it(turned: Cast, path: str) -> None:
    html = turned.client("alice").get(f"/t/acme/{path}").content.decode()
    assert "\u202e" in html
    by_itself = r'<bdi[^>]*>[^<]*</bdi>|value="[^"]*"|<option[^>]*>[^<]*</option>|"\?[^"]*"'
    assert "\u202e" not in re.sub(by_itself, "", html)


def test_the_page_of_a_key_is_called_as_it_is_without_turning(turned: Cast) -> None:
    html = turned.client("alice").get(f"/t/acme/keys/{turned.key.pk}/").content.decode()
    assert "<title>ab key · ab team · raxdash</title>" in html
