"""The keys of the playground are told from one list, and tried in a browser next door."""

import re

from playground.editor.shortcuts import SHORTCUTS
from tests.cast import Cast
from tests.shortcuts import told_below, told_on


def test_the_sheet_has_all_of_them(cast: Cast) -> None:
    page = cast.client("bob").get("/t/acme/playground/").text
    assert told_on(page) == [(one.spoken, one.words) for one in SHORTCUTS]
    assert 'popovertarget="help" aria-label="Keys"' in page


def test_the_documentation_has_all_of_them() -> None:
    assert told_below("The keyboard") == [(one.spoken, one.words) for one in SHORTCUTS]


def test_below_the_message_stands_what_can_be_pressed_there(cast: Cast) -> None:
    one = cast.client("bob").get("/t/acme/playground/").text
    both = cast.client("bob").get("/t/acme/playground/?conversation=&conversation=").text
    hints = [re.findall(r'composer-hint">(.*?)</span>', page, re.DOTALL) for page in (one, both)]
    assert [len(found) for found in hints] == [1, 1]
    assert "</kbd> run" in " ".join(hints[0][0].split())
    for words in ("run all", "this column", "stop"):
        assert words in hints[1][0]
