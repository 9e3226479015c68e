"""People's notes as remarks, with what whoever reads them may do."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from common.templatetags.names import isolated
from teams.models import Membership
from usage.explore.remarks.remark import Link, Remark
from usage.explore.remarks.times import Times
from usage.models import Note
from usage.notes.deeds import may_edit, may_remove


def written(notes: Iterable[Note], times: Times, reader: Membership | None, chart: str) -> list[Remark]:
    """What people wrote, with what `reader` may do; `chart` is the query of the chart to come back to."""
    return [
        Remark(
            note.starts_at,
            note.ends_at if note.ends_at > note.starts_at else None,
            f"{_when(note, times)}, note by {isolated(note.who)}:",
            words=note.text,
            links=tuple(_links(note, reader, chart)) if reader else (),
        )
        for note in notes
    ]


def _when(note: Note, times: Times) -> str:
    if note.ends_at > note.starts_at:
        return times.between(note.starts_at, note.ends_at)
    return times.exactly(note.starts_at)


def _links(note: Note, reader: Membership, chart: str) -> Iterable[Link]:
    back = urlencode({"chart": chart})
    arguments = [reader.team.slug, note.pk]
    if may_edit(note, reader):
        yield Link("Edit", f"{reverse('usage:edit_note', args=arguments)}?{back}")
    elif may_remove(note, reader):
        yield Link("Remove", f"{reverse('usage:remove_note', args=arguments)}?{back}")
