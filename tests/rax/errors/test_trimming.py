"""An error of megabytes costs no more than a large one: whoever waits beside it is kept waiting by nobody."""

from typing import Any

from rax._errors.trimming import trimmed


def nested(value: Any, depth: int) -> Any:
    """A value within lists of fifty of them, within lists of fifty…"""
    for _ in range(depth):
        value = [value] * 50
    return value


def count(value: Any) -> int:
    """How many values stand in lists and objects."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return len(items) + sum(map(count, items))


def test_what_is_small_stays_as_it_is() -> None:
    error = {"error": {"message": "No.", "details": [{"field": "stop"}, 1, None]}, "choices": []}
    assert trimmed(error) == error
    assert trimmed("No.") == "No."
    assert trimmed(None) is None


def test_the_outermost_values_are_kept() -> None:
    error = {"x": nested({"reset": 1}, 8), "error": {"message": "No.", "code": 429}}
    kept = trimmed(error)
    assert kept["error"] == error["error"]
    assert count(kept) == 1_000
    assert error["error"] == {"message": "No.", "code": 429}


def test_texts_are_cut() -> None:
    kept = trimmed({"message": "a" * 30_000, "more": ["b" * 30_000] * 20})
    assert kept["message"] == "a" * 20_000
    assert sum(map(len, kept["more"])) == 256 * 1024 - 20_000
