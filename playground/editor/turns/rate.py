"""How fast an answer was written, where that can be said."""

from playground.models import Run

# What was written in less time came in one piece: that says how fast the network is.
LEAST_WRITING_MS = 200


def rate_of(run: Run) -> float | None:
    """Return the tokens per second between the first piece and the last.

    None where nobody counted them, where nobody saw them come one by one, and where it was too short to say.
    """
    if not (run.tokens_reported and run.completion_tokens and run.parameters.get("stream")):
        return None
    writing_ms = writing_ms_of(run)
    tokens = run.completion_tokens - hidden_tokens(run)
    if writing_ms is None or writing_ms < LEAST_WRITING_MS or tokens <= 1:
        return None
    return tokens / (writing_ms / 1000)


def writing_ms_of(run: Run) -> int | None:
    """Return how long it was written; of runs before that was kept, from the first piece to the end."""
    if run.writing_ms is not None or run.time_to_first_token_ms is None or run.duration_ms is None:
        return run.writing_ms
    return run.duration_ms - run.time_to_first_token_ms


def hidden_tokens(run: Run) -> int:
    """Return how many tokens the model thought before its first piece, and showed nobody."""
    return 0 if run.reasoning else run.reasoning_tokens or 0
