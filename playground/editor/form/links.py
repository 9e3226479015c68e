"""What of a column can be linked to the others: an edit in one changes it in all that are linked."""

import json
from collections.abc import Mapping

# What belongs together, by the name of the link: its words, and its fields.
LINKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "message": ("message", ("message",)),
    "messages_before": ("earlier messages", ("messages_before",)),
    "system_prompt": ("system prompt", ("system_prompt",)),
    "variables": ("variables", ("variables",)),
    "parameters": ("parameters", ("temperature", "max_tokens", "top_p", "stop", "extra", "stream")),
}
# What a new column has of the others: one compares answers to the same words.
AT_FIRST = "message messages_before system_prompt variables"


def links_in(typed: str) -> set[str]:
    """Return what is linked, of what a form keeps of that."""
    return set(typed.split()) & set(LINKS)


def links_alike(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    """Return which links of a column are of what it has in common with another one: an edit there would write
    over the rest."""
    return {
        name
        for name in links_in(str(other.get("links", "")))
        if all((one.get(field) or "") == (other.get(field) or "") for field in LINKS[name][1])
    }


def as_typed(links: set[str]) -> str:
    """Return links as a form keeps them."""
    return " ".join(name for name in LINKS if name in links)


def links_by_field() -> str:
    """Return as JSON which link a field belongs to, for scripts."""
    return json.dumps({field: name for name, (_, fields) in LINKS.items() for field in fields})
