"""A draft: what somebody has written and set in the playground, and not sent; and what it was before."""

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models import Membership, Team

# What was typed into a column, by the names of its fields.
type Fields = dict[str, str]
# In which of them somebody writes what is sent.
WRITTEN = ("message", "edited")
# Which keys a column has: what they start is the column, sent, or its edited message.
KEYS = ("idempotency_key", "edited_key")
# So much of what somebody writes tells it from what else they write.
EXCERPT_CHARS = 200
# JSON spells what no database takes: NUL, half a character.
NOT_STORED = re.compile("[\0\ud800-\udfff]")


def written_in(column: Fields) -> str:
    """Return what somebody writes in a column: its message, an edited one, or those before it."""
    texts = [*(column.get(name, "") for name in WRITTEN), *contents_in(column.get("messages_before", ""))]
    return next(filter(str.strip, texts), "")


def contents_in(messages: str) -> list[str]:
    """Return the texts of messages that a form keeps as JSON, as far as that can be read and stored."""
    try:
        texts = [str(one["content"]) for one in json.loads(messages or "[]")]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    return [NOT_STORED.sub("\ufffd", text) for text in texts]


def outline_of(columns: Sequence[Fields], saved_at: datetime) -> dict[str, Any]:
    """Return what tells a draft that was saved then from others, as it stands beside its columns."""
    return {
        "saved_at": saved_at.isoformat(),
        "excerpt": first_words(columns).lstrip()[:EXCERPT_CHARS],
        "conversations": [column.get("conversation", "") for column in columns],
        "keys": [key for column in columns for name in KEYS if (key := column.get(name))],
    }


def first_words(columns: Iterable[Fields]) -> str:
    """Return the first message as far as it was written; empty where there is none."""
    return next(filter(None, map(written_in, columns)), "")


class AsTyped(json.JSONEncoder):
    """JSON with letters of all scripts as themselves: escaped, a long text would grow threefold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class DraftQuerySet(models.QuerySet["Draft"]):
    """Answers whose drafts there are."""

    def of(self, member: Membership) -> Self:
        """Return the draft of one person in one team; nobody else's is to be shown to them."""
        return self.filter(team=member.team_id, author=member.user_id)

    def written_by(self, pages: Iterable[UUID]) -> Self:
        """Return the drafts that these pages wrote."""
        return self.filter(page__in=list(pages))

    def newest_first(self) -> Self:
        """Return the drafts in order: the one that was written last is the first."""
        return self.order_by("-saved_at", "-pk")

    def in_short(self) -> Self:
        """Return the drafts without their columns, which may be megabytes long."""
        return self.defer("columns")

    def completed(self, found: "list[Draft]") -> "list[Draft]":
        """Return drafts in short; whole where an earlier version wrote them, and nothing else is known."""
        whole = self.in_bulk([draft.pk for draft in found if not draft.is_outlined])
        return [whole.get(draft.pk, draft) for draft in found]


class Draft(models.Model):
    """A draft of a person in a team: a page of columns. Two pages that are written at once have one each.

    `page` is the idempotency key that column A had on the page that wrote it last. Each column holds its
    fields by their names, as they were typed, and its own idempotency key: what that starts is this column,
    sent. What it holds has grown since `began_at`; what it was before are its states. What tells it from
    others is its `outline`, which counts if it is of what was saved last.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    page = models.UUIDField()
    columns = models.JSONField(default=list, encoder=AsTyped)
    saved_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True)
    outline = models.JSONField(null=True, encoder=AsTyped)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Draft of {self.author_id} in {self.team_id}"

    @property
    def fields(self) -> Fields:
        """What was typed into column A."""
        return dict(self.columns[0]) if self.columns else {}

    @property
    def message(self) -> str:
        """The first message as far as it was written."""
        return first_words(self.columns)

    @property
    def is_outlined(self) -> bool:
        """Whether its outline is of what it holds: a version before this one saves without."""
        return bool(self.outline and self.outline["saved_at"] == self.saved_at.isoformat())

    @property
    def told(self) -> dict[str, Any]:
        """What tells it from others, for which its columns are read only where there is nothing else."""
        return self.outline if self.outline and self.is_outlined else outline_of(self.columns, self.saved_at)

    @property
    def excerpt(self) -> str:
        """The beginning of its first message; empty where there is none."""
        return str(self.told["excerpt"])

    @property
    def has_words(self) -> bool:
        """Whether a message stands in one of its columns."""
        return bool(self.excerpt)

    @property
    def conversations(self) -> list[str]:
        """The ids of the conversations that it goes on with; empty where a column begins one."""
        return list(self.told["conversations"])

    @property
    def keys(self) -> set[str]:
        """What starts a column of it, or its edited message, and the page that wrote it."""
        return {*self.told["keys"], str(self.page)}

    def take(self, columns: Sequence[Fields], saved_at: datetime) -> None:
        """Hold these columns, as they were saved then. Save `HELD` afterwards."""
        self.columns, self.saved_at = list(columns), saved_at
        self.outline = outline_of(columns, saved_at)


# What changes with what a draft holds.
HELD = ("columns", "saved_at", "outline")


def packed(columns: Sequence[Fields]) -> bytes:
    """Return columns as few bytes: one draft is kept fifty times over."""
    return zlib.compress(json.dumps(list(columns), ensure_ascii=False).encode(), level=1)


class DraftState(models.Model):
    """What a draft held when it was last saved so; it goes with its draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="states")
    packed = models.BinaryField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"State of draft {self.draft_id}, {self.saved_at:%Y-%m-%d %H:%M:%S}"

    @property
    def columns(self) -> list[Fields]:
        """The fields of each column, as they were typed."""
        found: list[Fields] = json.loads(zlib.decompress(bytes(self.packed)))
        return found
