"""The values of variables as one JSON object, as people type and paste it; what is no text there is its JSON.

static/playground/editor/values.js reads it alike; a test holds the two equal.
"""

import json
from collections.abc import Iterator, Mapping

from playground.text.json_layout import CLOSING, OPENING, PARTS, lay_out
from playground.text.json_reading import check_texts, read_object


def read_values(text: str) -> dict[str, str]:
    """Return the values by their names; null is none. Raises `NotReadable`."""
    if not text.strip():
        return {}
    check_texts(read_object(text))
    return {name: value_of(written) for name, written in members(text)}


def members(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names of an object that can be read, and its values as they are written."""
    depth, member = 0, list[str]()
    for part in PARTS.findall(text):
        depth -= part in CLOSING
        if member and (depth == 0 or (depth == 1 and part == ",")):
            yield json.loads(member[0]), "".join(member[2:])
            member = []
        elif depth > 0:
            member.append(part)
        depth += part in OPENING


def value_of(written: str) -> str:
    """Return what is sent of a value: a text as itself, anything else as its JSON, laid out."""
    if written == "null":
        return ""
    return str(json.loads(written)) if written.startswith('"') else lay_out(written)


def show_values(values: Mapping[str, str]) -> str:
    """Return values as they can be typed; nothing for none."""
    return json.dumps(values, ensure_ascii=False, indent=2) if values else ""
