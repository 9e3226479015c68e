"""The variables of a column: their values are filled into its texts before anything is sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django import forms
from django.utils.text import get_text_list

from playground.editor.form.fields import MESSAGE_CHARS, TextField
from playground.editor.form.typed_messages import messages_in
from playground.models import Run
from playground.models.runs import Typed
from playground.requests import earlier_messages
from playground.text.json_reading import NotReadable
from playground.text.values import read_values, show_values
from playground.text.variables import escaped, filled, filled_length, names

# The fields of a column in which variables may stand, in the order in which they are read.
TEXTS = ("system_prompt", "message")
# The messages that are typed between these two.
BEFORE = "messages_before"
NO_VALUE = "no value"
# Tells scripts of a field that variables may stand in it.
IS_TEXT = {"data-text": True}


class ValuesInput(forms.Textarea):
    """One JSON object; of a page without scripts, a field for each variable too: `variables.<name>`."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """Return the object that was typed, with what stands in the fields."""
        typed, beginning = str(data.get(name) or ""), f"{name}."
        own = {key.removeprefix(beginning): data[key] for key in data if key.startswith(beginning)}
        values = {key: str(value).replace("\r\n", "\n") for key, value in own.items()}
        try:
            return show_values({**read_values(typed), **values}) if values else typed
        except NotReadable:
            return typed


def values_field() -> TextField:
    """Return the field of a column's values."""
    attrs = {"rows": 3, "spellcheck": "false", "autocomplete": "off", "placeholder": '{"name": "value"}'}
    return TextField(
        label="Values as JSON", max_length=MESSAGE_CHARS, required=False, widget=ValuesInput(attrs)
    )


def values_typed(column: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a column as it was typed, and the values that they have."""
    wanted = names(texts_typed(column))
    values = values_in(column.get("variables", "")) if wanted else {}
    return {name: values.get(name, "") for name in wanted}


def texts_typed(column: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts of a column as it was typed. An earlier message that is edited may be asked too."""
    yield column.get("system_prompt", "")
    for before, name in (("edited_before", "edited"), (BEFORE, "message")):
        yield from (one["content"] for one in messages_in(column.get(before, "")))
        yield column.get(name, "")


def values_in(typed: str) -> dict[str, str]:
    """Return the values of an object as it was typed; none of what cannot be read."""
    try:
        return read_values(typed)
    except NotReadable:
        return {}


def differing_values(columns: Sequence[Mapping[str, str]]) -> list[str]:
    """Return for each column those of its values that are others elsewhere, as a line."""
    typed = [values_typed(column) for column in columns]
    alike = {
        name for name in {*chain(*typed)} if len({values[name] for values in typed if name in values}) == 1
    }
    return [
        ", ".join(f"{name}: {value or NO_VALUE}" for name, value in values.items() if name not in alike)
        for values in typed
    ]


def fill_in(form: forms.Form) -> None:
    """Fill its values into the texts of a form, as they are sent; tell in its errors what is wrong.

    What was typed stays as its `template`: None where that is what is sent.
    """
    cleaned = form.cleaned_data
    cleaned["template"] = None
    typed = {name: cleaned[name] for name in (*TEXTS, BEFORE) if name in cleaned}
    wanted = names(texts_in(typed))
    try:
        given = read_values(cleaned.get("variables") or "") if wanted else {}
    except NotReadable as problem:
        form.add_error("variables", str(problem))
        return
    if missing := [name for name in wanted if not given.get(name)]:
        form.add_error("variables", missing_words(missing))
        return
    values = {name: given[name] for name in wanted}
    if too_long := [name for name in typed if longest(typed, name, values) > MESSAGE_CHARS]:
        for name in too_long:
            form.add_error(name, too_long_words(longest(typed, name, values)))
        return
    sent = with_values(typed, values)
    cleaned.update(sent)
    if changed := {name: text for name, text in typed.items() if text != sent[name]}:
        cleaned["template"] = {**changed, "values": values}


def texts_in(texts: Mapping[str, Any]) -> list[str]:
    """Return the texts of a column, or of a template, in the order in which they are read."""
    before = (one["content"] for one in texts.get(BEFORE, ()))
    return [texts.get("system_prompt", ""), *before, texts.get("message", "")]


def longest(typed: Mapping[str, Any], name: str, values: Mapping[str, str]) -> int:
    """Return how many characters a field would send, of several messages the longest one."""
    texts = [one["content"] for one in typed[name]] if name == BEFORE else [typed[name]]
    return max((filled_length(text, values) for text in texts), default=0)


def with_values(typed: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Return texts as they are sent."""
    sent: dict[str, Any] = {name: filled(text, values) for name, text in typed.items() if name != BEFORE}
    if BEFORE in typed:
        sent[BEFORE] = [{**one, "content": filled(one["content"], values)} for one in typed[BEFORE]]
    return sent


def missing_words(missing: list[str]) -> str:
    """Return which variables have no value, in words."""
    named = get_text_list([f"“{name}”" for name in missing], "and")
    return f"{named} {'have' if len(missing) > 1 else 'has'} no value."


def too_long_words(length: int) -> str:
    """Return that a text is too long with what is filled in."""
    return f"At most {MESSAGE_CHARS:,} characters are taken; with its values this has {length:,}."


def typed_text(run: Run, name: str) -> str:
    """Return what was typed for a text of a run; for one without variables, what sends the same again."""
    typed: str | None = (run.template or {}).get(name)
    return escaped(getattr(run, name)) if typed is None else typed


def typed_before(run: Run) -> list[Typed]:
    """Return the messages before a run's own, as they were typed."""
    typed: list[Typed] | None = (run.template or {}).get(BEFORE)
    return literal(run.messages_before or []) if typed is None else typed


def typed_earlier(run: Run) -> list[Typed]:
    """Return what is typed to send again all that was sent between a run's system prompt and its message."""
    own, sent = typed_before(run), earlier_messages(run)
    return [*literal(sent[: len(sent) - len(own)]), *own]


def literal(messages: Iterable[Typed]) -> list[Typed]:
    """Return what is typed to send exactly these messages."""
    return [{**one, "content": escaped(one["content"])} for one in messages]


def values_of(run: Run) -> dict[str, str]:
    """Return the values of a run's variables, in the order in which they first appear."""
    template: dict[str, Any] = run.template or {}
    return {name: template["values"][name] for name in names(texts_in(template))}
