"""Whoever is asked "are you sure?" reads what happens and what stays, and finds one button and a way back."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode
from django.urls import reverse

from tests.cast import Cast
from tests.installation import ROOT

TEMPLATES = ROOT / "templates"
CONFIRM = re.compile(r'{% extends "(common/confirm|usage/accounts/_confirm).html" %}')
CONFIRMATIONS = sorted(
    str(path.relative_to(TEMPLATES))
    for path in Path(TEMPLATES).rglob("[!_]*.html")
    if CONFIRM.match(path.read_text())
)


def blocks(name: str) -> set[str]:
    """The blocks that a template fills, itself or by what it extends; the base is not counted."""
    template: Any = get_template(name)  # whatever engine made it; ours has Django's own template inside
    (extends,) = template.template.nodelist.get_nodes_by_type(ExtendsNode)
    parent = str(extends.parent_name.var)
    return set(extends.blocks) | (blocks(parent) if parent != "common/confirm.html" else set())


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_it_says_all_that_whoever_decides_must_know(name: str) -> None:
    assert blocks(name) >= {"title", "page_title", "happens", "stays", "deed", "back"}


def test_nobody_else_builds_a_page_that_asks() -> None:
    asking = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"<button[^>]*btn-stop", path.read_text())
    }
    assert asking == {"common/confirm.html"}
    assert len(CONFIRMATIONS) >= 8


def test_it_has_one_button_and_leads_back(cast: Cast) -> None:
    address = reverse("teams:retire_key", args=["acme", cast.key.pk])
    page = cast.client("alice").get(address).text.partition("<main")[2]
    assert re.findall(r"<form[^>]*>", page) == [
        f'<form class="card narrow" method="post" action="{address}">'
    ]
    assert re.findall(r"<button[^>]*>([^<]*)", page) == ["Retire the key"]
    assert re.findall(r"<h2[^>]*>([^<]*)", page) == ["What happens", "What stays"]
    assert f'<a class="btn" href="{reverse("teams:keys", args=["acme"])}">Keep it</a>' in page


def test_a_field_may_be_asked_for(cast: Cast) -> None:
    page = cast.client("alice").get("/t/acme/settings/delete/").text
    assert re.search(
        r'<label[^>]* for="id_name">Type the team&#x27;s name</label>\s*<input[^>]* id="id_name"', page
    )
