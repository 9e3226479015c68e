"""The drafts of a member, and the states of one of them: read, gone back to. Nobody else sees any of it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from playground.acts import PlaygroundAct
from playground.editor.columns.columns import LETTERS
from playground.editor.columns.fields_typed import (
    changed_fields,
    changes,
    differences_of,
    label_of,
    names_in,
    shown_value,
)
from playground.editor.drafts.drafts import drafts_of
from playground.editor.drafts.states import MOST_STATES, Moment, go_back, moments
from playground.editor.form.choices import Choices
from playground.editor.views.drafts import draft_url
from playground.models import Draft
from playground.models.drafts import Fields
from teams.http import Request
from teams.permissions import Access, get_access

# So many characters of a text are shown in the list of states.
WORDS_CHARS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A state in the list: what it was, what changed with it, and the end of the first text that did."""

    moment: Moment
    changed: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a state as it is read: its letter, and its fields by their labels."""

    name: str
    fields: list[tuple[str, str]]


@require_safe
def drafts(request: Request, slug: str) -> HttpResponse:
    """List what the member has typed in this team and not sent."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    context = {"drafts": drafts_of(access.membership), "team": access.team}
    return render(request, "playground/editor/drafts.html", context)


@require_safe
def draft(request: Request, slug: str, draft_id: int) -> HttpResponse:
    """Show a draft, or the `state` of it that is asked for, and the list of its states."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    found = find_draft(access, draft_id)
    states, names = list(moments(found)), Choices.of(access.membership).key_names
    asked = request.GET.get("state", "")
    shown = next((one for one in states if str(one.state_id) == asked), states[0])
    context = {
        "draft": found,
        "lines": lines(states, names),
        "most_states": MOST_STATES,
        "shown": shown,
        "columns": [as_shown(place, column, names) for place, column in enumerate(shown.columns)],
        "changes": changes(shown.columns, found.columns, names) if shown.state_id else [],
        "team": access.team,
    }
    return render(request, "playground/editor/draft.html", context)


@require_POST
def restore(request: Request, slug: str, draft_id: int) -> HttpResponse:
    """Let a draft be as it was in the `state` that was chosen, and show the page with it."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    chosen = request.POST.get("state", "")
    found = None
    if chosen.isdecimal() and len(chosen) < 19:
        found = go_back(access.membership, find_draft(access, draft_id).pk, int(chosen))
    if found is None:
        messages.error(request, "This state is not kept any more.")
        return redirect("playground:draft", slug, find_draft(access, draft_id).pk)
    return redirect(draft_url(slug, found))


def find_draft(access: Access, draft_id: int) -> Draft:
    """Return this draft of the member who asks; raise `Http404` where there is none such of theirs."""
    found = Draft.objects.of(access.membership).filter(pk=draft_id).first()
    if found is None:
        raise Http404("No such draft")
    return found


def lines(states: Sequence[Moment], names: Mapping[str, str]) -> list[Line]:
    """Return the list of states, each with what it changed in the one before it."""
    before = [*states[1:], None]
    return [
        Line(one, changed(earlier, one, names), newest_words(earlier, one, names))
        for one, earlier in zip(states, before, strict=True)
    ]


def changed(earlier: Moment | None, one: Moment, names: Mapping[str, str]) -> str:
    """Return in words which fields a state changed: "Message, Temperature (B)"."""
    if earlier is None:
        return "The oldest that is kept"
    return ", ".join(changed_fields(earlier.columns, one.columns, names))


def newest_words(earlier: Moment | None, one: Moment, names: Mapping[str, str]) -> str:
    """Return the end of what a state changed in the first field that it did not empty: its name."""
    found = differences_of(earlier.columns if earlier else [], one.columns, names)
    old, new = next(((old, new) for *_, old, new in found if new.strip()), ("", ""))
    if is_short(new):
        return " ".join(new.split())
    text, rest = until_word_ends(new, changed_until(old, new))
    # The last words of a text may be far from one another.
    end = " ".join(text[-4 * WORDS_CHARS :].split())
    # Whole words, where there are any.
    begun = end if is_short(text) else f"… {end[-WORDS_CHARS:].partition(' ')[2] or end[-WORDS_CHARS:]}"
    return f"{begun} …" if rest.strip() else begun


def is_short(text: str) -> bool:
    """Tell whether a text can be shown whole in the list."""
    return len(text) <= 4 * WORDS_CHARS and len(" ".join(text.split())) <= WORDS_CHARS


def until_word_ends(text: str, place: int) -> tuple[str, str]:
    """Return a text in two, at the end of the word at a place, unless that is far."""
    word = re.match(rf"\S{{0,{WORDS_CHARS}}}", text[place : place + WORDS_CHARS])
    place += word.end() if word else 0
    return text[:place], text[place:]


def changed_until(old: str, new: str) -> int:
    """Return the place in a text up to which it differs from an earlier one; all behind that is the same."""
    begins = same_length(lambda chars: old[:chars] == new[:chars], min(len(old), len(new)))
    most = min(len(old), len(new)) - begins
    return len(new) - same_length(lambda chars: old[len(old) - chars :] == new[len(new) - chars :], most)


def same_length(is_same: Callable[[int], bool], most: int) -> int:
    """Return how many characters are the same, as `is_same` tells of a number: as for all smaller ones."""
    return bisect_left(range(1, most + 1), x=True, key=lambda chars: not is_same(chars))


def as_shown(place: int, column: Fields, names: Mapping[str, str]) -> Shown:
    """Return what was typed into a column, by labels; what is empty is left out."""
    fields = [(label_of(name), shown_value(name, column[name], names)) for name in names_in(column)]
    return Shown(LETTERS[place].upper(), [(label, value) for label, value in fields if value.strip()])
