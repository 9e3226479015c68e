"""Whatever people or models write runs in its own direction, on every page and in every field."""

from html.parser import HTMLParser

import pytest

from playground.models import RunState
from teams import audit
from teams.keys.attributes import change_attributes
from teams.models import Deed, Invitation, Key, Label
from tests.cast import Cast
from tests.playground.conftest import MakeRun, make_run  # noqa: F401  a fixture
from tests.teams.tokens.made import make_token
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.explore.saved.saving import make_view
from tests.usage.notes.writing import make_note
from tests.usage.polled import make_meter, poll

WORDS = "שלום"
ANSWER = f"# {WORDS}\n\n{WORDS}\n\n- {WORDS}\n\n> {WORDS}\n\n|{WORDS}|\n|--|\n|{WORDS}|\n\n```\n{WORDS}\n```"
PAGES = (
    *("playground/", "playground/?conversation={conversation}", "playground/runs/", "playground/runs/{run}/"),
    *(
        "playground/runs/{run}/delete/",
        "playground/runs/?by=me",
        "usage/?period=billing",
        *(f"usage/proof/{part}?period=billing" for part in ("", "seen/", "own/")),
        "usage/mine/",
        "quota/",
        "quota/{key}/",
        "models/",
    ),
    *("usage/views/", "usage/views/{view}/", "usage/views/new/", "usage/?saved={view}"),
    *("usage/notes/", "usage/notes/{note}/", "usage/notes/{note}/remove/"),
    *("usage/accounts/", "keys/", "keys/{key}/", "keys/{key}/secret/", "keys/{key}/retire/", "keys/add/"),
    "tokens/",
    *("members/", "members/leave/", "members/{bob}/remove/", "settings/", "settings/delete/", "audit/"),
)
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect"}
FIELDS = {"text", "search", "email", "url", "password"}


class Directions(HTMLParser):
    """Finds text that runs as the page does although somebody wrote it, and fields that do so."""

    def __init__(self) -> None:
        super().__init__()
        self.within: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element; look at a field."""
        values = dict(attrs)
        is_free = tag == "bdi" or values.get("dir") == "auto"
        takes_text = tag in {"textarea", "select"} or (
            tag == "input" and values.get("type", "text") in FIELDS
        )
        # A field of code says that it runs from left to right.
        is_code = values.get("dir") == "ltr" and values.get("spellcheck") == "false"
        if takes_text and not is_free and not is_code and "hidden" not in values:
            self.found.append(f"{tag} {values.get('name')}")
        if tag not in VOID:
            self.within.append((tag, is_free))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while tag not in VOID and self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Look at a text: it stands by itself as an element, or between signs where none can."""
        if WORDS not in data or any(tag in {"script", "template"} for tag, _ in self.within):
            return
        self.seen += 1
        if not any(is_free for _, is_free in self.within) and f"\u2068{WORDS}" not in data:
            self.found.append(f"{' '.join(tag for tag, _ in self.within[-3:])}: {data.strip()}")


@pytest.fixture
def addresses(cast: Cast, make_run: MakeRun) -> dict[str, str]:  # noqa: F811  that fixture
    """A team in which everything is called by Hebrew words; what stands in the addresses of its pages."""
    cast.team.name = cast.alice.name = cast.bob.name = cast.key.name = WORDS
    for thing in (cast.team, cast.alice, cast.bob, cast.key):
        thing.save()
    labels = Label.objects.named(cast.team, [WORDS])
    change_attributes([cast.key], cast.team.today(), {"labels": labels, "project": WORDS})
    other = Key.objects.create(
        team=cast.team, owner=cast.bob, name=f"{WORDS} 2", base_url="http://127.0.0.1:9/"
    )
    Key.objects.filter(pk=other.pk).update(status="refused", status_reason=WORDS)
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON, {WORDS: (1_000, 10)}, *PERIOD)
    audit.record(cast.team, Deed.KEY_CHECKED, by=cast.alice, about=cast.key, name=["", WORDS])
    Invitation.objects.create(team=cast.team, created_by=cast.alice, role="member", token_hash="x")
    make_token(cast.team, cast.alice, name=WORDS)
    run = make_run(
        *(cast.alice,),
        model=WORDS,
        message=WORDS,
        system_prompt=WORDS,
        answer=ANSWER,
        parameters={"stream": True, "stop": [WORDS]},
        state=RunState.FAILED,
        error_message=WORDS,
    )
    run.conversation.title = WORDS
    run.conversation.save()
    bob = str(cast.team.memberships.get(user=cast.bob).pk)
    return {
        "run": str(run.pk),
        "conversation": str(run.conversation_id),
        "key": str(cast.key.pk),
        "bob": bob,
        "view": str(make_view(cast.team, None, WORDS).pk),
        "note": str(make_note(cast.team, cast.alice, WORDS).pk),
    }


@pytest.mark.parametrize("path", PAGES)
def test_what_somebody_wrote_runs_in_its_own_direction(
    cast: Cast, addresses: dict[str, str], path: str
) -> None:
    answer = cast.client("alice").get(f"/t/acme/{path.format(**addresses)}")
    assert answer.status_code == 200
    directions = Directions()
    directions.feed(answer.content.decode())
    assert directions.seen
    assert directions.found == []
