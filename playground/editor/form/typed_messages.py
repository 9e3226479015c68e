"""Messages that are typed before the next one, each with its role: kept as JSON in one field."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from playground.models.runs import Typed
from playground.requests import Speaker

ROLES = {Speaker.USER: "User", Speaker.ASSISTANT: "Assistant", Speaker.SYSTEM: "System"}
MOST_MESSAGES = 200
UNREADABLE = "These messages could not be read. Nothing was sent: reload the page."
# What can be done with one: its name, its drawing, its words.
DEEDS = (
    ("up", "up", "Move up"),
    ("down", "down", "Move down"),
    ("copy", "copy", "Duplicate"),
    ("delete", "trash", "Delete"),
)


def as_json(messages: Iterable[Typed]) -> str:
    """Return messages as a form keeps them; nothing for none."""
    found = [{"role": str(one["role"]), "content": one["content"]} for one in messages]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def read_messages(text: str) -> list[Typed]:
    """Return the messages that a form keeps. Raises `ValueError` for what is none."""
    try:
        found = json.loads(text) if text.strip() else []
    except RecursionError as problem:
        raise ValueError("No list of messages") from problem
    if not isinstance(found, list) or not all(map(is_message, found)):
        raise ValueError("No list of messages")
    return [{"role": one["role"], "content": whole(one["content"])} for one in found]


def whole(text: str) -> str:
    """Return a text as a form of texts would have it: lines end with LF, half characters are none."""
    return text.replace("\r\n", "\n").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_message(one: Any) -> bool:
    """Tell whether something is a message that can be typed."""
    return isinstance(one, dict) and one.get("role") in list(ROLES) and isinstance(one.get("content"), str)


def messages_in(text: str) -> list[Typed]:
    """Return the messages that a form keeps, as far as they can be read: none else."""
    try:
        return read_messages(text)
    except ValueError:
        return []


def next_role(messages: Sequence[Typed]) -> str:
    """Return whose the next message is likely to be: people and model take turns."""
    is_asked = messages and messages[-1]["role"] == Speaker.USER
    return str(Speaker.ASSISTANT if is_asked else Speaker.USER)


def change_messages(messages: Sequence[Typed], change: str) -> list[Typed]:
    """Return messages after a change: `add`, `up:2`, `down:2`, `copy:2`, `delete:2`, the first being 1. What
    cannot be done is not done."""
    deed, _, number = change.partition(":")
    found, at = list(messages), int(number) - 1 if number.isascii() and number.isdigit() else -1
    if deed == "add":
        return [*found, {"role": next_role(found), "content": ""}]
    if not 0 <= at < len(found):
        return found
    if deed == "copy":
        found.insert(at + 1, found[at])
    elif deed == "delete":
        del found[at]
    elif deed in {"up", "down"} and 0 <= (to := at + (1 if deed == "down" else -1)) < len(found):
        found[at], found[to] = found[to], found[at]
    return found


def told(messages: Iterable[Typed]) -> str:
    """Return messages as one text."""
    return "\n".join(f"{ROLES[Speaker(one['role'])]}: {one['content']}" for one in messages)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a page shows of a message: whose it is, its beginning, and how many characters are left."""

    role: str
    label: str
    shown: str
    left: int


def excerpts(messages: Iterable[Typed], most_chars: int) -> list[Excerpt]:
    """Return what a page shows of messages, so many characters of all of them."""
    found, room = [], most_chars
    for one in messages:
        role, content = Speaker(one["role"]), one["content"]
        found.append(Excerpt(str(role), ROLES[role], content[:room], max(0, len(content) - room)))
        room = max(0, room - len(content))
    return found


class MessagesInput(forms.HiddenInput):
    """Keeps messages as JSON. Without scripts each has fields for its role and its text, which count."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """Return the messages that were sent, as JSON."""
        contents: list[str] = []
        roles: list[str] = []
        if isinstance(data, MultiValueDict):
            contents, roles = data.getlist(f"{name}_content"), data.getlist(f"{name}_role")
        if not contents:
            return str(data.get(name) or "")
        both = zip(roles, contents, strict=False)
        return as_json({"role": role, "content": text.replace("\r\n", "\n")} for role, text in both)


class BoundMessages(forms.BoundField):
    """The field on a page."""

    roles, deeds = tuple(ROLES.items()), DEEDS

    @property
    def messages(self) -> list[Typed]:
        """What it holds."""
        return messages_in(str(self.value() or ""))


class MessagesField(forms.Field):
    """Messages in their order, each of a role and a text; `most_chars` bounds each text."""

    widget = MessagesInput

    def __init__(self, *, most_chars: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.most_chars = most_chars

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundMessages:
        """Return the field as a template shows it."""
        return BoundMessages(form, self, field_name)

    def to_python(self, value: Any) -> list[Typed]:
        """Read what was sent."""
        try:
            return read_messages(str(value or ""))
        except ValueError as problem:
            raise forms.ValidationError(UNREADABLE) from problem

    def validate(self, value: list[Typed]) -> None:
        """Refuse messages that say nothing, that are too long, or too many."""
        if len(value) > MOST_MESSAGES:
            words = f"At most {MOST_MESSAGES} earlier messages are taken; these are {len(value):,}."
            raise forms.ValidationError(words)
        problems = [(at, self.why_not(one["content"])) for at, one in enumerate(value, start=1)]
        found = [f"Earlier message {at} {why}" for at, why in problems if why]
        if found:
            raise forms.ValidationError(found)

    def why_not(self, content: str) -> str:
        """Return what is wrong with a text, in words; nothing where it can be sent."""
        if not content.strip():
            return "is empty: write it, or delete it."
        if "\0" in content:
            return "holds a character that cannot be sent (NUL)."
        if len(content) > self.most_chars:
            return f"has {len(content):,} characters; at most {self.most_chars:,} are taken."
        return ""
