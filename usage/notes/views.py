"""The notes of a team: their list, and the forms that write, edit and remove one."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.lists import ListAddress
from teams.changes import Refused
from teams.http import FORM, Request, go_on, show_form
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.models import Note
from usage.notes import deeds
from usage.notes.forms import NoteForm, initial_of, proposed

PER_PAGE = 25


class Row(NamedTuple):
    """A note of the list, and what the person who asks may do with it."""

    note: Note
    may_edit: bool
    may_remove: bool


@require_safe
def notes(request: Request, slug: str) -> HttpResponse:
    """List the team's notes, the newest time first."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    page = ListAddress(request.GET).page_of(Note.objects.for_team(access.team), PER_PAGE)
    member = access.membership
    rows = [Row(note, deeds.may_edit(note, member), deeds.may_remove(note, member)) for note in page]
    context = {"page": page, "rows": rows, "may_write": access.may(UsageAct.WRITE_NOTES)}
    return render(request, "usage/notes/notes.html", context)


@FORM
def write_note(request: Request, slug: str) -> HttpResponse:
    """Write a note; the address may propose its days, and say which chart to go back to."""
    access = get_access(request, slug, UsageAct.WRITE_NOTES)
    form = NoteForm(
        request.POST or None, team=access.team, initial=proposed(request.GET, access.team.today())
    )
    if request.method == "POST" and form.is_valid():
        deeds.write(access, form.content)
        messages.success(request, "The note is on the chart.")
        return go_on(request, chart_of(request, slug))
    return show(request, access, form)


@FORM
def edit_note(request: Request, slug: str, note_id: int) -> HttpResponse:
    """Show a note in its form, and let its author change it."""
    access = get_access(request, slug, UsageAct.WRITE_NOTES)
    note = deeds.find(access.team, note_id)
    if not deeds.may_edit(note, access.membership):
        return refuse(request, slug, deeds.not_yours(note))
    form = NoteForm(request.POST or None, team=access.team, initial=initial_of(note, access.team.zone))
    if request.method == "POST" and form.is_valid():
        deeds.edit(access, note_id, form.content)
        messages.success(request, "Saved.")
        return go_on(request, chart_of(request, slug))
    return show(request, access, form, note)


@FORM
def remove_note(request: Request, slug: str, note_id: int) -> HttpResponse:
    """Ask, then remove a note."""
    access = get_access(request, slug, UsageAct.WRITE_NOTES)
    note = deeds.find(access.team, note_id)
    if request.method != "POST" and deeds.may_remove(note, access.membership):
        return render(request, "usage/notes/remove.html", {"note": note, "back": chart_of(request, slug)})
    try:
        deeds.remove(access, note_id)
    except Refused as refusal:
        return refuse(request, slug, str(refusal))
    messages.success(request, "The note was removed.")
    return go_on(request, chart_of(request, slug))


def show(request: Request, access: Access, form: NoteForm, note: Note | None = None) -> HttpResponse:
    """Answer with the form, and the way back."""
    back = chart_of(request, access.team.slug)
    return show_form(request, "usage/notes/note.html", "note-form", form, note=note, back=back)


def refuse(request: Request, slug: str, words: str) -> HttpResponse:
    """Say why not, and show the notes."""
    messages.error(request, words)
    return redirect("usage:notes", slug=slug)


def chart_of(request: Request, slug: str) -> str:
    """The address of the chart that the person came from; of all notes where they came from none."""
    query = request.GET.get("chart")
    if query is None:
        return reverse("usage:notes", args=[slug])
    return f"{reverse('usage:usage', args=[slug])}?{QueryDict(query).urlencode()}"
