"""Everything that is told beside the bars of one chart, in order: what its page and its figure show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self

from django.db.models import F, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from common.database.together import Reading, ask
from teams.models import Membership, Team, User
from usage.explore.query.dimensions import Dimension
from usage.explore.query.periods import Period
from usage.explore.query.query import Query
from usage.explore.query.team_time import quarter_after, quarter_before
from usage.explore.reading.lapses import Lapse
from usage.explore.reading.numbers import Numbers
from usage.explore.remarks.models import changed_models
from usage.explore.remarks.noted import noted
from usage.explore.remarks.outages import count_of, outages
from usage.explore.remarks.remark import Link, Remark, in_order
from usage.explore.remarks.times import Times
from usage.explore.remarks.written import written
from usage.explore.sheet.tables import Sheet
from usage.models import CatalogueModel, ModelChange, Note

# Of more the newest are told, notes before changes.
MOST_AT_ONCE = 100
NOTE, CHANGE = "1 note", "2 change"

TEXT = TextField()

# Notes and changes as rows of one query: which of the two, and the columns of both.
NOTE_ROW = {
    "sort": Value(NOTE),
    "row": F("pk"),
    "since": F("starts_at"),
    "until": F("ends_at"),
    "whose": F("author"),
    "name": Coalesce(NullIf("author__name", Value("")), "author__email", "author_name", output_field=TEXT),
    "what": F("text"),
    "figure": Value(""),
    "old": Value(""),
    "new": Value(""),
}
CHANGE_ROW = {
    "sort": Value(CHANGE),
    "row": F("pk"),
    "since": F("at"),
    "until": F("at"),
    "whose": F("model"),
    "name": F("model__name"),
    "what": F("kind"),
    "figure": F("field"),
    "old": F("before"),
    "new": F("after"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What people wrote of a time, and what changed of the models then, for whoever reads it."""

    team: Team
    reader: Membership | None
    notes: tuple[Note, ...]
    changes: tuple[ModelChange, ...]

    @classmethod
    def read(cls, team: Team, reader: Membership | None, start: datetime, end: datetime) -> Reading[Self]:
        """What there is of [start, end), oldest first. One query for both, as every chart asks it."""
        rows = (yield from ask(rows_of(team, start, end)))[::-1]
        return cls(
            team,
            reader,
            tuple(note_of(row) for row in rows if row["sort"] == NOTE),
            tuple(change_of(row) for row in rows if row["sort"] == CHANGE),
        )

    @property
    def reader_id(self) -> str:
        """The id of whoever reads; empty where nobody does."""
        return str(self.reader.user_id) if self.reader else ""

    def remarks(
        self,
        numbers: Numbers,
        sheet: Sheet,
        now: datetime,
        query: Query,
        lapses: Sequence[Lapse] = (),
        accounts: int = 0,
    ) -> list[Remark]:
        """All remarks of a chart, numbered; `query` is its question, to come back to. `lapses` are those of
        some of its `accounts`.
        """
        times = Times(sheet.span, now)
        models = reverse("usage:models", args=[self.team.slug])
        links, late_since = partial(outage_links, self.team, query), numbers.late_since
        return in_order(
            sheet.span,
            [
                *outages(sheet.rows, numbers.known_since, times, lapses, links, accounts, late_since),
                *noted(numbers.annotations, times),
                *changed_models(self.changes, times, models),
                *written(self.notes, times, self.reader, query.address()),
            ],
        )


def outage_links(
    team: Team, query: Query, lapses: Sequence[Lapse], start: datetime, end: datetime
) -> tuple[Link, ...]:
    """Where the raw polls around an outage are: of one account those of its billing period, else the proof of
    that time.
    """
    is_single = bool(lapses) and count_of(lapses) == 1
    if is_single and lapses[-1].began is not None:
        place = [team.slug, lapses[-1].account, lapses[-1].began]
        return (Link("Raw polls", reverse("usage:raw_answers", args=place)),)
    period = Period.between(quarter_before(start), quarter_after(end))
    asked = query.only(Dimension.ACCOUNT, str(lapses[0].account)) if is_single else query
    address = asked.address(period=period, step=None, compare=None)
    return (Link("Raw polls", f"{reverse('usage:proof', args=[team.slug])}?{address}"),)


def rows_of(team: Team, start: datetime, end: datetime) -> Any:
    """Notes and changes of [start, end) as rows, newest first."""
    # Its columns are not a model's: no checker knows them.
    notes: Any = Note.objects.filter(team=team).touching(start, end).values(**NOTE_ROW)
    changes = ModelChange.objects.between(team, start, end).order_by().values(**CHANGE_ROW)
    both = notes.union(changes, all=True).order_by("sort", "-since", "-row")
    return both[:MOST_AT_ONCE]


def note_of(row: Mapping[str, Any]) -> Note:
    """A note of such a row, with its author as they are called now."""
    author = User(pk=row["whose"], name=row["name"]) if row["whose"] else None
    place = {"starts_at": row["since"], "ends_at": row["until"]}
    return Note(pk=row["row"], author=author, author_name=row["name"], text=row["what"], **place)


def change_of(row: Mapping[str, Any]) -> ModelChange:
    """A change of such a row, with its model's name."""
    model = CatalogueModel(pk=row["whose"], name=row["name"])
    values = {"field": row["figure"], "before": row["old"], "after": row["new"]}
    return ModelChange(pk=row["row"], model=model, at=row["since"], kind=row["what"], **values)
