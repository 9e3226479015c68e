"""The tokens of one completion, from the places and by the names under which servers report them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rax._constants import LARGEST_INTEGER, MOST_TOKENS
from rax._values import read_count, read_object

_PLACES: Final = ("usage", "usage_metadata", "usageMetadata")
_PROMPT: Final = ("prompt_tokens", "input_tokens", "promptTokens", "inputTokens", "promptTokenCount")
_COMPLETION: Final = (
    *("completion_tokens", "output_tokens", "completionTokens", "outputTokens", "candidatesTokenCount"),
)
_TOTAL: Final = ("total_tokens", "totalTokens", "totalTokenCount")
_DETAILS: Final = ("prompt_tokens_details", "input_tokens_details")
_ANSWER_DETAILS: Final = ("completion_tokens_details", "output_tokens_details")
_CACHED: Final = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one completion, as the API reported them.

    `reasoning_tokens` are those of the completion that the model spent on thinking, `cached_tokens` those of
    the prompt that came from a cache; None where that is not told.
    """

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None


class TokenReport(NamedTuple):
    """What one report is worth: `unbelieved` is the largest count that no request can have used.

    `prompt` and `completion` are what it tells, perhaps one of them alone.
    """

    usage: Usage | None
    unbelieved: int | None = None
    prompt: int | None = None
    completion: int | None = None


NO_REPORT: Final = TokenReport(None)


def find_report(event: Mapping[str, Any], choices: list[Any], before: TokenReport = NO_REPORT) -> TokenReport:
    """Return what an event or an answer reports of tokens, beside its choices, in one, or in an object of a
    vendor's own. All zeros are no report. `before` is the last report of the same answer."""
    found = NO_REPORT
    for holder in _holders(event, choices):
        for told in (holder.get(name) for name in _PLACES):
            if told and isinstance(told, dict):
                report = read_report(told, before)
                if report.usage or report.unbelieved:
                    return report
                found = report if found == NO_REPORT else found
    return found


def read_report(told: Mapping[str, Any], before: TokenReport = NO_REPORT) -> TokenReport:
    """Return the tokens where two of the three numbers can be known and believed.

    Some servers tell the prompt's tokens at the beginning and the answer's at the end: a report of one number
    alone goes on with the other one of the report `before`.
    """
    prompt, completion, total = _count(told, *_PROMPT), _count(told, *_COMPLETION), _count(told, *_TOTAL)
    largest = max(prompt or 0, completion or 0, total or 0)
    unbelieved = largest if largest > MOST_TOKENS else None
    prompt, completion, total = _believed(prompt), _believed(completion), _believed(total)
    if completion is None and prompt is not None and total is not None and total >= prompt:
        completion = total - prompt
    alone = (prompt, completion)
    if prompt is None and _is_untold(told, *_PROMPT, *_TOTAL) and completion:
        prompt = before.prompt
    if completion is None and _is_untold(told, *_COMPLETION, *_TOTAL) and prompt:
        completion = before.completion
    if prompt is None or completion is None:
        return TokenReport(None, unbelieved, *alone)
    total = prompt + completion if total is None else total
    if total > MOST_TOKENS:
        return TokenReport(None, total)
    if not total:
        return TokenReport(None, unbelieved)
    usage = Usage(prompt, completion, total, _reasoning(told), _cached(told))
    return TokenReport(usage, unbelieved, prompt, completion)


def _holders(event: Mapping[str, Any], choices: list[Any]) -> Iterator[Mapping[str, Any]]:
    yield event
    for choice in choices:
        if isinstance(choice, dict):
            yield choice
            yield from (inner for inner in choice.values() if isinstance(inner, dict))
    yield from (inner for inner in event.values() if isinstance(inner, dict))


def _count(told: Mapping[str, Any], *names: str) -> int | None:
    """Return a count by the first name that tells one, out of range as the largest there is."""
    for name in names:
        value = told.get(name)
        if isinstance(value, int | float) and value > LARGEST_INTEGER:
            return LARGEST_INTEGER
        count = read_count(value)
        if count is not None:
            return count
    return None


def _is_untold(told: Mapping[str, Any], *names: str) -> bool:
    return all(told.get(name) is None for name in names)


def _believed(count: int | None) -> int | None:
    return count if count is not None and count <= MOST_TOKENS else None


def _reasoning(told: Mapping[str, Any]) -> int | None:
    return _detail((*(read_object(told.get(name)) for name in _ANSWER_DETAILS), told), ("reasoning_tokens",))


def _cached(told: Mapping[str, Any]) -> int | None:
    return _detail((*(read_object(told.get(name)) for name in _DETAILS), told), _CACHED)


def _detail(holders: tuple[Mapping[str, Any], ...], names: tuple[str, ...]) -> int | None:
    counts = (_believed(read_count(holder.get(name))) for holder in holders for name in names)
    return next((count for count in counts if count is not None), None)
