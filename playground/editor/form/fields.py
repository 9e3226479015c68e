"""Fields of a column: texts as they were typed, and the key, which is hidden, a menu or a search."""

from typing import Any, ClassVar

from django import forms

from playground.editor.form.choices import Choices
from playground.editor.form.labels import LABELS

MESSAGE_CHARS = 400_000
# A key may be retired, or kept to others, while a page is open.
KEY_ERRORS = {
    "required": "Choose a key.",
    "invalid_choice": "The key that was chosen cannot be used any more: choose another.",
}


class SharedFields(dict[str, forms.Field]):
    """Fields that all forms of a kind have in common, since none changes one: Django would copy each for each
    form, which takes longer than to read what was typed."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class LinesField(forms.CharField):
    """Lines that end with LF: a form is sent with CR LF between them, which would be kept, and count."""

    def to_python(self, value: Any) -> str:
        """Read a text whose lines end with LF."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class TextField(LinesField):
    """Lines as they were typed, with all space around them."""

    default_error_messages: ClassVar = {
        "null_characters_not_allowed": "This holds a character that cannot be sent (NUL)."
    }

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.most_chars = max_length

    def run_validators(self, value: Any) -> None:
        """Refuse what is too long. Browsers are not told: they count otherwise, and cut what is pasted."""
        super().run_validators(value)
        if len(value) > self.most_chars:
            words = f"At most {self.most_chars:,} characters are taken; this has {len(value):,}."
            raise forms.ValidationError(words, code="max_length")


def key_field(choices: Choices) -> forms.Field:
    """Return the field of the key: hidden where there is one, a menu of some, a search among many."""
    if choices.is_long:
        attrs = {"list": "key-names", "autocomplete": "off", "spellcheck": "false"}
        help_text = "Type a part of its name."
        return forms.CharField(
            label=LABELS["key"],
            max_length=80,
            help_text=help_text,
            widget=forms.TextInput(attrs),
            error_messages=KEY_ERRORS,
        )
    names = [(str(key.pk), key.name) for key in choices.keys]
    if len(names) > 1:
        return forms.ChoiceField(label=LABELS["key"], choices=names, error_messages=KEY_ERRORS)
    return forms.CharField(widget=forms.HiddenInput, required=False)
