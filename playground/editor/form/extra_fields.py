"""Further fields of a request's body, typed as a JSON object: what the form has no field for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from playground.code.export.literals import JSON
from playground.editor.form.labels import LABELS
from playground.models import Run
from playground.requests import parameters_of
from playground.text.json_reading import NotReadable, check_texts, read_object

EXTRA_CHARS = 100_000
# What the form itself says, by the label of its field.
OWNED = {
    "messages": LABELS["message"],
    **{name: LABELS[name] for name in ("model", "temperature", "max_tokens", "top_p", "stop", "stream")},
}
USAGE_IS_ASKED = "“stream_options” is raxdash's to send: it asks for the tokens of a stream."


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field must be, in words."""

    takes: Callable[[Any], bool]
    words: str


# Fields that have an argument of their own in the client, which takes nothing else for them.
OWN_ARGUMENTS = {
    "max_completion_tokens": Kind(
        lambda value: type(value) is int and value > 0, "a whole number of 1 or more"
    ),
    "user": Kind(lambda one: isinstance(one, str), "a text"),
}
PLACEHOLDER = '{"seed": 7, "response_format": {"type": "json_object"}}'


class ExtraField(forms.CharField):
    """A JSON object; empty means that nothing more is sent."""

    def __init__(self) -> None:
        attrs = {"rows": 2, "placeholder": "Not sent", "spellcheck": "false", "autocomplete": "off"}
        super().__init__(
            label=LABELS["extra"],
            required=False,
            strip=False,
            widget=forms.Textarea(attrs),
            help_text=f"A JSON object, merged into the request, such as {PLACEHOLDER}.",
        )

    def to_python(self, value: Any) -> Any:
        """Read the object; raise ValidationError with what is wrong, and where."""
        typed = str(super().to_python(value)).replace("\r\n", "\n")
        if not typed.strip():
            return {}
        if len(typed) > EXTRA_CHARS:
            words = f"At most {EXTRA_CHARS:,} characters are taken; this has {len(typed):,}."
            raise forms.ValidationError(words, code="max_length")
        try:
            extra = read_object(typed)
            check_texts(extra)
        except NotReadable as problem:
            raise forms.ValidationError(str(problem)) from problem
        if why := why_not_extra(extra):
            raise forms.ValidationError(why)
        return extra


def why_not_extra(extra: Mapping[str, Any]) -> str:
    """Return why fields are not taken: the form says them, or their type is wrong. Empty where they are."""
    for name, value in extra.items():
        if label := OWNED.get(name):
            return f"“{name}” has a field of its own here: set it in {label}."
        if name == "stream_options":
            return USAGE_IS_ASKED
        if name in OWN_ARGUMENTS and not OWN_ARGUMENTS[name].takes(value):
            return f"“{name}” must be {OWN_ARGUMENTS[name].words}."
    return ""


def as_parameters(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return extra fields as parameters of a run: by name what the client knows, the rest as `extra`."""
    own = {name: value for name, value in extra.items() if name in OWN_ARGUMENTS}
    others = {name: value for name, value in extra.items() if name not in OWN_ARGUMENTS}
    return {**own, **({"extra": others} if others else {})}


def extra_of(run: Run) -> dict[str, Any]:
    """Return the extra fields of a run, in the order in which they were sent."""
    parameters = parameters_of(run)
    own = {name: parameters[name] for name in OWN_ARGUMENTS if name in parameters}
    return {**own, **parameters.get("extra", {})}


def show_extra(extra: Mapping[str, Any]) -> str:
    """Return extra fields as they can be typed; nothing for none."""
    return JSON.write(extra) if extra else ""
