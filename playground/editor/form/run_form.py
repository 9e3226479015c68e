"""What can be set for a run. A parameter that nobody sets is not sent."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from django import forms
from django.utils import timezone

from playground.editor.form.choices import Choices
from playground.editor.form.extra_fields import ExtraField, as_parameters, extra_of, show_extra
from playground.editor.form.failures import LONGEST_COUNTDOWN
from playground.editor.form.fields import MESSAGE_CHARS, SharedFields, TextField, key_field
from playground.editor.form.labels import LABELS
from playground.editor.form.links import AT_FIRST, LINKS, links_in
from playground.editor.form.memory import MemoryForm
from playground.editor.form.numbers import DecimalField, WholeNumberField, show_number
from playground.editor.form.offered import why_not_offered
from playground.editor.form.stop_sequences import Misspelled, read_stop_sequences, show_stop_sequences
from playground.editor.form.typed_messages import MessagesField
from playground.editor.form.variables import (
    IS_TEXT,
    fill_in,
    typed_text,
    values_field,
    values_of,
    values_typed,
)
from playground.models import Run
from playground.text.values import show_values
from teams.models import Key

NO_MESSAGE = "Write a message first."
STOP_SEQUENCES = 16
# More than any model writes.
MOST_TOKENS = 100_000_000
PARAMETERS = ("temperature", "max_tokens", "top_p", "stop")
# Those that are told in a line, whether they are sent or not.
LINE_WORDS = {"temperature": "temperature", "max_tokens": "max tokens", "top_p": "top P"}
# Those that are told only where they are set.
RARE_WORDS = {"stop": "stop sequences", "extra": "extra fields", "stream": "streaming"}
# The one form of a page: its fields stand in columns, beside forms of their own.
FORM_ID = "run-form"


class RunForm(MemoryForm):
    """The fields of one column. `choices` says which keys and models the team has."""

    # The turn in whose place another version is asked.
    instead_of = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # An earlier turn whose message is being edited, the message, and the key of running that.
    edited_run = forms.UUIDField(widget=forms.HiddenInput, required=False)
    edited_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
    edited = TextField(
        label=LABELS["edited"],
        max_length=MESSAGE_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, **IS_TEXT}),
    )
    edited_before = MessagesField(label=LABELS["edited_before"], most_chars=MESSAGE_CHARS)
    # Which of its texts are those of the other columns too.
    links = forms.CharField(widget=forms.HiddenInput, required=False, initial=AT_FIRST, max_length=80)
    message = TextField(
        label=LABELS["message"],
        max_length=MESSAGE_CHARS,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": "Ask the model something …", **IS_TEXT}),
        error_messages={"required": NO_MESSAGE},
    )
    messages_before = MessagesField(label=LABELS["messages_before"], most_chars=MESSAGE_CHARS)
    model = forms.CharField(
        label=LABELS["model"],
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "list": "model-names",
                "placeholder": "Such as rax-4.0",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": "Choose a model, or type its id.",
            "max_length": "A model's id has %(limit_value)s characters at most; this has %(show_value)s.",
        },
    )
    system_prompt = TextField(
        label=LABELS["system_prompt"],
        max_length=MESSAGE_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": "System prompt: not sent", **IS_TEXT}),
    )
    variables = values_field()
    temperature = DecimalField(label=LABELS["temperature"], least=0, most=2)
    max_tokens = WholeNumberField(label=LABELS["max_tokens"], least=1, most=MOST_TOKENS)
    top_p = DecimalField(label=LABELS["top_p"], least=0, most=1)
    stop = forms.CharField(
        label=LABELS["stop"],
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Not sent", "spellcheck": "false"}),
        help_text=r"One on each line; \n is a line end, \\ a backslash. The answer ends before the first.",
    )
    extra = ExtraField()
    stream = forms.BooleanField(label=LABELS["stream"], required=False, initial=True)
    unlisted = forms.BooleanField(label="Send it all the same", required=False)
    # Whether a model was refused that may be right: not every list names all that a server knows.
    asks_about_model = False
    # The run whose stored answer is offered before anything is sent.
    stored: Run | None = None
    # What is wrong with running an edited message, and the stored answer to it that is offered.
    edit_errors: Sequence[str] = ()
    edit_stored: Run | None = None
    # What is wrong with asking its last turn again.
    version_errors: Sequence[str] = ()

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["key"] = key_field(choices)
        self.fields["key"].widget.attrs["form"] = FORM_ID
        if choices.is_long:  # what is shown is a name
            self.initial["key"] = choices.shown_name(str(self.initial.get("key", "")))

    @property
    def parameter_words(self) -> list[tuple[str, str, str]]:
        """The parameters as a line says them: the field's name, its label, and what is set."""
        return [(self[name].html_name, words, self.shown(name)) for name, words in LINE_WORDS.items()]

    @property
    def rare_words(self) -> list[tuple[str, str, str]]:
        """What the line says of the other parameters, where they are set: as parameters.js does."""
        stops = [line for line in self.shown("stop").split("\n") if line.strip()]
        told = {
            "stop": str(len(stops) or ""),
            "extra": "set" if self.shown("extra") else "",
            "stream": "" if self["stream"].value() else "off",
        }
        return [(self[name].html_name, RARE_WORDS[name], value) for name, value in told.items()]

    def shown(self, name: str) -> str:
        """Return what a field holds, without the space around it."""
        return str(self[name].value() or "").strip()

    def typed(self) -> dict[str, str]:
        """Return what its fields hold, as it was typed."""
        return {name: str(self[name].value() or "") for name in self.fields}

    @property
    def links_now(self) -> list[tuple[str, str, bool]]:
        """What can be linked to the other columns: its name, its words, and whether it is."""
        linked = self.linked
        return [(name, words, name in linked) for name, (words, _) in LINKS.items()]

    @property
    def linked(self) -> set[str]:
        """What is linked to the other columns."""
        return links_in(str(self["links"].value() or ""))

    @property
    def variable_values(self) -> list[tuple[str, str]]:
        """The variables of its texts, with their values."""
        return list(values_typed(self.typed()).items())

    @property
    def has_wrong_parameters(self) -> bool:
        """Whether something is wrong with a parameter."""
        return any(name in self.errors for name in (*PARAMETERS, "extra"))

    @property
    def errors_in_a_row(self) -> list[str]:
        """Return what is wrong with it, in sentences."""
        return [str(words) for errors in self.errors.values() for words in errors]

    def wait_until(self, reason: str, seconds: float) -> None:
        """Say why nothing is sent yet, and when it may be: at `may_send_at`, in `wait_seconds`.

        It `is_paused` where that is so far away that nobody waits for it.
        """
        self.add_error(None, reason)
        self.wait_seconds = ceil(seconds)
        self.may_send_at = timezone.now() + timedelta(seconds=self.wait_seconds)
        self.is_paused = timedelta(seconds=seconds) > LONGEST_COUNTDOWN

    def clean_message(self) -> str:
        """Refuse a message of nothing but space."""
        message: str = self.cleaned_data["message"]
        if not message.strip():
            raise forms.ValidationError(NO_MESSAGE)
        return message

    def clean_model(self) -> str:
        """Take the id without the space around it."""
        return str(self.cleaned_data["model"]).strip()

    def clean_stop(self) -> list[str]:
        """Read one sequence from each line that has something on it."""
        try:
            sequences = read_stop_sequences(self.cleaned_data["stop"])
        except Misspelled as problem:
            raise forms.ValidationError(str(problem)) from problem
        if len(sequences) > STOP_SEQUENCES:
            raise forms.ValidationError(f"At most {STOP_SEQUENCES} stop sequences.")
        return sequences

    def clean(self) -> dict[str, Any]:
        """Fill in values, find the key, and hold max tokens to what its model can do."""
        cleaned = super().clean() or self.cleaned_data
        fill_in(self)
        if "message" in cleaned and not cleaned["message"].strip():
            self.add_error("message", NO_MESSAGE)
        key = self.choices.key(cleaned.get("key", ""))
        if key is None and self.choices.is_long:
            self.add_error("key", "There is no key of this name that you may spend on.")
            return cleaned
        if key is None:
            self.add_error(None, "There is no key to run with. Add one, or ask an admin of the team to.")
            return cleaned
        cleaned["key"] = key
        if cleaned.get("model") and not cleaned["unlisted"]:
            self.check_model(key, cleaned["model"])
        most = self.choices.most_tokens(key, cleaned.get("model", ""))
        if most is not None and (cleaned.get("max_tokens") or 0) > most:
            model = cleaned.get("model") or "A model of this key"
            self.add_error("max_tokens", f"{model} writes at most {most:,} tokens.")
        return cleaned

    def check_model(self, key: Key, model: str) -> None:
        """Refuse a model that the key is not offered, and offer to send it all the same."""
        if why := why_not_offered(self.choices, key, model):
            self.add_error("model", why)
            self.asks_about_model = True

    def parameters(self) -> dict[str, Any]:
        """Return the parameters to send: those that somebody set, and whether to stream."""
        values = {name: self.cleaned_data[name] for name in PARAMETERS}
        return {
            **{name: value for name, value in values.items() if value not in (None, [], "")},
            **as_parameters(self.cleaned_data["extra"]),
            "stream": self.cleaned_data["stream"],
        }


for one in RunForm.base_fields.values():
    one.widget.attrs["form"] = FORM_ID
RunForm.base_fields = SharedFields(RunForm.base_fields)


def initial_of(run: Run) -> dict[str, Any]:
    """Return the form's values as they were for `run`, to go on from it."""
    numbers = {name: show_number(run.parameters.get(name)) for name in PARAMETERS if name != "stop"}
    return {
        **numbers,
        "stop": show_stop_sequences(run.parameters.get("stop") or []),
        "extra": show_extra(extra_of(run)),
        "stream": run.parameters.get("stream", True),
        "model": run.model,
        "system_prompt": typed_text(run, "system_prompt"),
        "variables": show_values(values_of(run)),
        "key": str(run.key_id or ""),
    }
