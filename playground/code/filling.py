"""A pasted request becomes what somebody could have typed into the form; what finds no place is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.code.export.literals import whole_characters
from playground.code.export.requests import ASKS_FOR_TOKENS, STREAMING
from playground.code.paste.curl import KEYS_OF_THE_TEAM
from playground.code.paste.reading import Pasted
from playground.code.paste.unread import PartlyRead
from playground.editor.form.choices import Choices
from playground.editor.form.extra_fields import OWNED, show_extra
from playground.editor.form.numbers import show_number
from playground.editor.form.run_form import RunForm
from playground.editor.form.stop_sequences import show_stop_sequences
from playground.editor.form.typed_messages import ROLES, as_json, messages_in, told
from playground.requests import Speaker
from playground.text.variables import escaped

# Some servers take a key in the body as well. A schema may have fields of these names: they hold no text.
SECRETS = {"apikey", "xapikey", "authorization", "accesstoken", "bearertoken", "password", "clientsecret"}
NOT_A_LETTER = re.compile("[^a-z]+")
# As whose a message of this role is sent.
SPEAKERS = {"developer": str(Speaker.SYSTEM)}
NUMBERS = ("temperature", "top_p", "max_tokens")
SHOWN = ("model", "system_prompt", "messages_before", "message", *NUMBERS, "stop", "extra")
PLACED = {*OWNED, *STREAMING}
NO_MESSAGE = "There is no message of the user in it."
NOT_ALL_SENT = "Characters that cannot be sent (NUL, half characters) were left out."
LINE_ENDS = "Its line ends are sent as \\n."
OWN_OPTIONS = "“stream_options” was left out: raxdash itself asks for the tokens of a stream."


@dataclass
class Filling(PartlyRead):
    """The fields of a form by name, as they are typed."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What would be in the form, by the labels of its fields; nothing that is not sent."""
        labels = {name: str(field.label) for name, field in RunForm.base_fields.items()}
        shown = {**self.fields, "messages_before": told(messages_in(self.fields.get("messages_before", "")))}
        return [(labels[name], shown[name]) for name in SHOWN if shown.get(name)]


def fill(pasted: Pasted, choices: Choices) -> Filling:
    """Return what a form holds that sends what was pasted; what it does not say is not sent."""
    filling, payload = Filling(unread=list(pasted.unread)), pasted.payload
    filling.fields = {
        "model": one_line(payload.get("model"), filling),
        **{name: number_of(payload, name, filling) for name in NUMBERS},
        "stop": stop_of(payload.get("stop"), filling),
        "stream": stream_of(payload.get("stream"), filling),
        "extra": extra_of(payload, filling),
        **words_of(payload.get("messages"), filling),
        **key_of(pasted.base_url, choices, filling),
    }
    if payload.get("stream_options", ASKS_FOR_TOKENS) != ASKS_FOR_TOKENS:
        filling.say(OWN_OPTIONS)
    return filling


def one_line(model: Any, filling: Filling) -> str:
    """Return the model's id."""
    if isinstance(model, str):
        return sendable(model, filling)
    filling.say("It names no model.")
    return ""


def number_of(payload: Mapping[str, Any], name: str, filling: Filling) -> str:
    """Return a number as it is typed; nothing where there is none."""
    value = payload.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        filling.say(f"“{name}” is no number, and was left out.")
        return ""
    return show_number(value)


def stream_of(value: Any, filling: Filling) -> str:
    """Return whether the answer is asked for piece by piece, as a checkbox says it."""
    if value is not None and not isinstance(value, bool):
        filling.say("“stream” is neither true nor false, and was left out.")
    return "on" if value is True else ""


def stop_of(value: Any, filling: Filling) -> str:
    """Return stop sequences as they are typed."""
    listed = [value] if isinstance(value, str) else [] if value is None else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        filling.say("“stop” is neither a text nor a list of texts, and was left out.")
        return ""
    if "" in listed:
        filling.say("An empty stop sequence was left out.")
    return show_stop_sequences([sendable(one, filling) for one in listed if one])


def extra_of(payload: Mapping[str, Any], filling: Filling) -> str:
    """Return the fields that the form has no own one for, as a JSON object."""
    extra = without_secrets({name: value for name, value in payload.items() if name not in PLACED}, filling)
    return sendable(show_extra(extra), filling)


def without_secrets(value: Any, filling: Filling) -> Any:
    """Return what a field holds without texts whose name says that they let somebody in."""
    if isinstance(value, list):
        return [without_secrets(one, filling) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, one in value.items():
        if isinstance(one, str) and NOT_A_LETTER.sub("", name.lower()) in SECRETS:
            filling.say(f"“{name}” was left out, and is not stored: {KEYS_OF_THE_TEAM}.")
        else:
            kept[name] = without_secrets(one, filling)
    return kept


def words_of(messages: Any, filling: Filling) -> dict[str, str]:
    """Return the system prompt, the messages, and the last one that the user wrote."""
    turns = [turn for turn in (turn_of(message, filling) for message in listed(messages, filling)) if turn]
    system = [words for role, words in turns[:1] if role == Speaker.SYSTEM]
    rest = turns[len(system) :]
    last = next((at for at in reversed(range(len(rest))) if rest[at][0] == "user"), len(rest))
    if last == len(rest):
        filling.say(NO_MESSAGE)
    # Braces that were pasted are no variables.
    before = [{"role": role, "content": escaped(words)} for role, words in rest[:last] if role in ROLES]
    if elsewhere := len(rest) - len(before) - (last < len(rest)):
        found = "1 other message has" if elsewhere == 1 else f"{elsewhere} other messages have"
        filling.say(f"{found} no place in the form, and would not be sent.")
    message = rest[last][1] if last < len(rest) else ""
    return {
        "system_prompt": escaped("".join(system)),
        "messages_before": as_json(before),
        "message": escaped(message),
    }


def listed(messages: Any, filling: Filling) -> Sequence[Any]:
    """Return the messages of a request."""
    if isinstance(messages, list):
        return messages
    filling.say("“messages” is no list.")
    return []


def turn_of(message: Any, filling: Filling) -> tuple[str, str] | None:
    """Return whose words a message is, and the words; None where it says none."""
    given = message if isinstance(message, dict) else {}
    role, content = given.get("role"), given.get("content")
    if isinstance(content, list):
        content = text_of_parts(content, filling)
    if not isinstance(role, str) or not isinstance(content, str):
        filling.say("A message that is not plain text was left out.")
        return None
    if role == "developer":
        filling.say("The message of the role “developer” would be sent with the role “system”.")
    if set(given) - {"role", "content"}:
        filling.say("Of a message, only its role and its text are sent.")
    return SPEAKERS.get(role, role), sendable(content, filling)


def text_of_parts(parts: Sequence[Any], filling: Filling) -> str | None:
    """Return the text of a message's parts; None where none of them is a text."""
    texts = [part["text"] for part in parts if is_text_part(part)]
    if texts and len(texts) < len(parts):
        filling.say("Of a message, parts that are no text (such as pictures) were left out.")
    elif texts:
        filling.say("The parts of a message were put together to one text.")
    return "\n".join(texts) if texts else None


def is_text_part(part: Any) -> bool:
    """Tell whether a part of a message is a text."""
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def sendable(text: str, filling: Filling) -> str:
    """Return a text as a form can send it."""
    if "\r" in text:
        filling.say(LINE_ENDS)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = whole_characters(text).replace("\0", "")
    if whole != text:
        filling.say(NOT_ALL_SENT)
    return whole


def key_of(base_url: str, choices: Choices, filling: Filling) -> dict[str, str]:
    """Return the key that reaches the server which was named; none where no key does."""
    if not base_url:
        return {}
    # Of many keys, `choices.keys` are the oldest alone.
    if found := choices.spendable.filter(base_url=base_url.rstrip("/")).first():
        return {"key": found.name if choices.is_long else str(found.pk)}
    filling.say(f"It was sent to {base_url}, for which there is no key here: choose one.")
    return {}
