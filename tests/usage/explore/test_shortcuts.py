"""The keys of the usage page are told from one list, and tried in a browser next door."""

from tests.cast import Cast
from tests.shortcuts import told_below, told_on
from usage.explore.shortcuts import SHORTCUTS

ALL = [(one.spoken, one.words) for one in SHORTCUTS]


def test_the_sheet_has_all_of_them(cast: Cast) -> None:
    page = cast.client("bob").get("/t/acme/usage/").text
    assert told_on(page) == ALL
    assert 'popovertarget="help" aria-label="Keys"' in page


def test_the_documentation_has_all_of_them() -> None:
    assert told_below("The keyboard on the usage page") == ALL
