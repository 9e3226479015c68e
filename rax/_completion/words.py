"""What one message or delta says: its text, the thinking behind it, a refusal, and the tools it asks for.

Servers put thinking into half a dozen fields, or among the parts of the content: `reasoning_content`
(DeepSeek, vLLM, Qwen, xAI), `reasoning` (OpenRouter, Groq, Ollama, newer vLLM), `thinking`, `reasoning_text`,
`reasoning_details` (OpenRouter, MiniMax: a list), `thinking_blocks` (LiteLLM), `reasoning_steps`
(Perplexity), and parts of type `thinking` (Mistral, Cohere) or `reasoning`. Several of them repeat one
another, so the first that says something is read.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from rax._completion.tools import CALLING_PARTS, ToldCall, read_call, read_calls
from rax._values import read_object

_THINKING_FIELDS: Final = (
    "reasoning_content",
    "reasoning",
    "thinking",
    "reasoning_text",
    "thinking_content",
    "reasoning_summary",
    "reasoningContent",
    "reasoningText",
    "chain_of_thought",
    "thought",
    "thoughts",
    "reasoning_details",
    "thinking_blocks",
    "reasoning_steps",
)
_TEXT_FIELDS: Final = (
    *("text", "thinking", "reasoning", "refusal", "summary", "thought", "content", "value", "parts"),
)
_MOST_NESTED: Final = 4


class Words(NamedTuple):
    """What was said, by kind."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: tuple[ToldCall, ...] = ()


def read_words(choice: Mapping[str, Any], message: Mapping[str, Any]) -> Words:
    """Return what a choice says in its message or delta, or beside it."""
    content = message.get("content")
    if content is None:
        content = choice.get("text") or choice.get("content")
    said = _read_content(content)
    reasoning = _first_text(message) or said.reasoning or _first_text(choice)
    text = said.text
    if text and _is_thought(message):
        text, reasoning = "", reasoning + text
    return Words(
        text,
        reasoning,
        text_of(message.get("refusal")) or said.refusal,
        (*read_calls(message), *said.calls),
    )


def text_of(value: Any, nested: int = 0) -> str:
    """Return the text in a string, in an object's first field that has some, or in a list of either."""
    if isinstance(value, str) or nested > _MOST_NESTED:
        return value if isinstance(value, str) else ""
    if isinstance(value, list):
        return "".join([text_of(part, nested + 1) for part in value])
    if not isinstance(value, dict):
        return ""
    found = (text_of(value.get(name), nested + 1) for name in _TEXT_FIELDS)
    return next((text for text in found if text), "")


def _read_content(content: Any) -> Words:
    if isinstance(content, str):
        return Words(content)
    parts = content if isinstance(content, list) else [content]
    said = [_read_part(part) for part in parts]
    return Words(
        "".join([part.text for part in said]),
        "".join([part.reasoning for part in said]),
        "".join([part.refusal for part in said]),
        tuple(call for part in said for call in part.calls),
    )


def _read_part(part: Any) -> Words:
    """Return what a part of a content says, by its type or by the only field it has."""
    if not isinstance(part, dict):
        return Words(part if isinstance(part, str) else "")
    kind = part.get("type")
    kind = kind if isinstance(kind, str) else ""
    if kind in CALLING_PARTS:
        return Words(calls=(read_call(part),))
    if kind == "refusal" or (not kind and "refusal" in part):
        return Words(refusal=text_of(part.get("refusal")) or text_of(part))
    if "think" in kind or "reason" in kind or (not kind and not part.keys().isdisjoint(_THINKING_FIELDS)):
        return Words(reasoning=_first_text(part) or text_of(part))
    return Words(text_of(part))


def _first_text(holder: Mapping[str, Any]) -> str:
    for name in _THINKING_FIELDS:
        if (told := holder.get(name)) and (text := text_of(told)):
            return text
    return ""


def _is_thought(message: Mapping[str, Any]) -> bool:
    """Tell whether the content is a thought, which Gemini says beside it."""
    return read_object(read_object(message.get("extra_content")).get("google")).get("thought") is True
