"""What is kept of answers has a bound, and what was asked last stays longest."""

from usage.api.kept import KeptAnswers, Made


def made(size: int) -> Made:
    return Made.of(b"x" * size)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = KeptAnswers(most_bytes=30, largest=20)
    for name in "abc":
        kept.keep(name, made(10))
    kept.get("a")
    kept.keep("d", made(10))
    assert [name for name in "abcd" if kept.get(name)] == ["a", "c", "d"]


def test_what_is_too_large_is_not_kept() -> None:
    kept = KeptAnswers(most_bytes=30, largest=20)
    kept.keep("large", made(21))
    assert kept.get("large") is None


def test_the_same_question_again_takes_no_more_room() -> None:
    kept = KeptAnswers(most_bytes=30, largest=20)
    kept.keep("other", made(10))
    for _ in range(10):
        kept.keep("one", made(20))
    assert kept.get("other") is not None
