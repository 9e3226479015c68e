"""Of a library's stylesheet as much is shipped as pages use, and the words of its licence."""

import pytest

from raxdash.assets.stylesheets import only_used, used_in_markup
from raxdash.management.commands.build_assets import OURS, used_classes

CSS = """/*! By somebody.com, MIT */@charset "utf-8";
:root{--used:1px;--through:2px;--idle:var(--of-idle);--of-idle:3px}
/* .a comment { */.btn,.idle{margin:var(--used)}.btn:not(.idle):hover{padding:0}.btn.idle{gap:0}
a[href$=".idle"],b::after{content:"}.btn{"}.idle{--through:4px}
@media (min-width:1px){.idle{margin:0}}@media (min-width:2px){.btn{margin:1px}.idle{margin:2px}}
@keyframes turn{to{rotate:1turn}}.btn>.icon{background:url("data:image/svg+xml;{utf8}")}"""


@pytest.fixture
def kept() -> str:
    return only_used(CSS, {"btn", "icon"}, "p { gap: var(--through); }")


def test_it_keeps_the_selectors_whose_classes_are_all_used(kept: str) -> None:
    assert ".btn{margin:var(--used)}" in kept
    assert ".btn:not(.idle):hover{padding:0}" in kept
    assert '.btn>.icon{background:url("data:image/svg+xml;{utf8}")}' in kept
    assert ".btn.idle" not in kept


def test_it_keeps_what_names_no_class(kept: str) -> None:
    assert 'a[href$=".idle"],b::after{content:"}.btn{"}' in kept
    assert "@keyframes turn{to{rotate:1turn}}" in kept


def test_it_looks_into_groups_and_leaves_out_empty_ones(kept: str) -> None:
    assert "@media (min-width:2px){.btn{margin:1px}}" in kept
    assert "(min-width:1px)" not in kept


def test_it_leaves_out_variables_that_nobody_asks_for(kept: str) -> None:
    assert ":root{--used:1px;--through:2px}" in kept


def test_it_still_says_whose_it_is(kept: str) -> None:
    assert kept.startswith("/*! By somebody.com, MIT */")
    assert "comment" not in kept


def test_a_class_beside_a_templates_tags_is_found() -> None:
    markup = """<p class="note{% if level == "bad" %} note-bad{% endif %}" id="no-class"><b class='none'>"""
    assert {"note", "note-bad"} <= used_in_markup(markup)
    assert not {"no-class", "id"} & used_in_markup(markup)


def test_what_pages_and_scripts_say_is_used_and_what_is_ours_is_not_tablers() -> None:
    used = used_classes()
    assert {"btn", "btn-primary", "visually-hidden"} <= used
    assert not OURS & used
