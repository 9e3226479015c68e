"""The last answers of two columns against each other, by words or by lines."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.editor.columns.addresses import page_url, query_of
from playground.editor.columns.columns import LETTERS
from playground.editor.pages import Asked
from playground.editor.turns.branches import Branch
from playground.editor.views.index import find_asked
from playground.models import Run
from playground.text.diff import SPLITS, diff
from teams.http import Request
from teams.permissions import get_access


@dataclass(frozen=True, slots=True)
class Answered:
    """A column with its last answer."""

    name: str
    run: Run


@require_safe
def compare(request: Request, slug: str) -> HttpResponse:
    """Show what differs between the answers of two columns of the address: `pair=AC`, `by=lines`."""
    access = get_access(request, slug, PlaygroundAct.SEE_RUNS)
    asked = find_asked(request, access)
    found = answers_of(asked)
    by = request.GET.get("by", "")
    by = by if by in SPLITS else "words"
    pairs = ["".join(pair) for pair in combinations([one.name for one in found], 2)]
    pair = request.GET.get("pair") if request.GET.get("pair") in pairs else next(iter(pairs), "")
    named = [one.pk if one else None for one in asked.conversations]
    context: dict[str, Any] = {"pairs": pairs, "pair": pair, "by": by}
    branches = list(asked.branches.values())
    context |= {"address": page_url(slug, named, branches), "query": query_of(named, branches)}
    if pair:
        one, other = (next(each for each in found if each.name == name) for name in pair)
        context |= {"one": one, "other": other, "diff": diff(one.run.said, other.run.said, by)}
    return render(request, "playground/editor/compare.html", context)


def answers_of(asked: Asked) -> list[Answered]:
    """Return the columns that have an answer, each with its last one."""
    found = []
    for letter, conversation in zip(LETTERS.upper(), asked.conversations, strict=False):
        branch = Branch.of(conversation, asked.branches.get(conversation.pk) if conversation else None)
        last = next((run for run in reversed(branch.runs) if run.said.strip()), None)
        found += [Answered(letter, last)] if last else []
    return found
