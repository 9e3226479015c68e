"""Write, edit and remove notes: everybody their own; whoever may, also those of others."""

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.templatetags.names import isolated
from teams import audit
from teams.changes import Refused, change
from teams.models import Membership, Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.models import Note
from usage.notes.content import Content


class Deed(models.TextChoices):
    """What was done to notes of others, in words that follow a person's name."""

    NOTE_REMOVED = "note.removed", "removed the note by"


def find(team: Team, note_id: int) -> Note:
    """Return a note of the team with its author; 404 otherwise."""
    return get_object_or_404(Note.objects.for_team(team), pk=note_id)


def may_edit(note: Note, member: Membership) -> bool:
    """Tell whether a member may change the words of a note: they stand under a name."""
    return note.is_by(member) and member.may(UsageAct.WRITE_NOTES)


def may_remove(note: Note, member: Membership) -> bool:
    """Tell whether a member may take a note away."""
    return may_edit(note, member) or member.may(UsageAct.REMOVE_NOTES)


def not_yours(note: Note) -> str:
    """Why somebody may not change a note."""
    return f"Only {isolated(note.who)} may change this note."


def write(access: Access, content: Content) -> Note:
    """Save a new note of the person who asks."""
    with change(access, UsageAct.WRITE_NOTES) as actor:
        author = actor.user
        fields = {"author": author, "author_name": str(author), **content.as_fields()}
        return Note.objects.create(team=actor.team, **fields)


def edit(access: Access, note_id: int, content: Content) -> Note:
    """Let a note say something else. Raises `Refused` where somebody else wrote it."""
    with change(access, UsageAct.WRITE_NOTES) as actor:
        note = find(actor.team, note_id)
        if not may_edit(note, actor):
            raise Refused(not_yours(note))
        fields = {**content.as_fields(), "author_name": str(actor.user), "edited_at": timezone.now()}
        for name, value in fields.items():
            setattr(note, name, value)
        note.save(update_fields=list(fields))
    return note


def remove(access: Access, note_id: int) -> Note:
    """Take a note away for good. Raises `Refused` where it is not theirs to remove."""
    with change(access, UsageAct.WRITE_NOTES) as actor:
        note = find(actor.team, note_id)
        if not may_remove(note, actor):
            raise Refused(not_yours(note))
        if not note.is_by(actor):
            _record(access, actor, note)
        Note.objects.filter(pk=note.pk).delete()
    return note


def _record(access: Access, actor: Membership, note: Note) -> None:
    """Tell the audit trail whose note went, never its text: removed is removed."""
    details = {"written_by": note.who, "written_at": f"{note.written_at:%Y-%m-%d %H:%M} UTC"}
    audit.record(actor.team, Deed.NOTE_REMOVED, by=actor.user, about=note.author, ip=access.ip, **details)
