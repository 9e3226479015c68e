"""What is said in words of a run beside its answer: tools, what could not be read, what is not sent on."""

from collections import Counter
from collections.abc import Mapping, Sequence

from playground.editor.turns.dialogue import why_left_out
from playground.models import Ending, LeftOut, Note, Run
from playground.models.endings import reason_of

FINISH_WORDS = {
    Ending.WHOLE: "finished by itself",
    Ending.FILTERED: "stopped by the provider's content filter",
}
# A badge names how these ended: what follows it need not.
SAID_BY_BADGE = frozenset({Ending.CUT, Ending.REFUSED, Ending.TOOLS})
STORED = "A stored answer to the same request: nothing was sent, and it cost nothing."
# What is sent after an answer that was cut.
GO_ON = "Go on exactly where you stopped. Repeat nothing."
NO_REASON = "no finish reason given"
# Of earlier turns, after their number.
LEFT_OUT_WORDS = {
    LeftOut.ERASED: "erased",
    LeftOut.FAILED: "failed",
    LeftOut.STOPPED: "stopped before the first word",
    LeftOut.INTERRUPTED: "interrupted before the first word",
    LeftOut.ENDED_EARLY: "ended before the first word",
    LeftOut.TOOLS: "asked for a tool",
    LeftOut.EMPTY: "answered with nothing",
}


def finish_words(run: Run) -> str:
    """Return why an answer ended, where its badge does not say so; a reason we do not know is itself."""
    if run.ending is None or run.ending in SAID_BY_BADGE:
        return ""
    known = FINISH_WORDS.get(reason_of(run.finish_reason))
    return known or run.finish_reason or NO_REASON


def cut_words(run: Run) -> str:
    """Return what to do about an answer that is not whole; empty where that is not known of it."""
    if run.ending != Ending.CUT:
        return ""
    most = run.most_tokens
    bound = f"Max tokens was {most:,}" if most else "The model's own limit was reached"
    if not run.has_answer:
        return f"It ended before the answer began. {bound}: {'raise it' if most else 'ask for less'}."
    return f"The answer is not whole. {bound}: {'raise it, or ask' if most else 'ask'} the model to go on."


def stopped_after(run: Run) -> str:
    """Return after how much of its answer a run was stopped; `≈` where nobody but us counted."""
    if not (run.completion_tokens and (run.said or run.reasoning or run.tool_calls)):
        return "before the first token"
    about = "" if run.tokens_reported else "≈ "
    return f"after {about}{run.completion_tokens:,} token{'' if run.completion_tokens == 1 else 's'}"


def tool_words(run: Run) -> str:
    """Return which tools the model asked for; empty where it asked for none."""
    if not run.tool_calls:
        return "The model asked for a tool; the playground runs none." if run.ending == Ending.TOOLS else ""
    names = list(dict.fromkeys(call.get("name") or "without a name" for call in run.tool_calls))
    if len(names) == 1:
        return f"The model asked for the tool {names[0]}; the playground runs none."
    return f"The model asked for the tools {', '.join(names[:-1])} and {names[-1]}; the playground runs none."


def note_words(run: Run) -> list[str]:
    """Return what is to be said beside the answer, in sentences."""
    notes: Mapping[str, int] = run.notes or {}
    words = []
    if count := notes.get(Note.UNREADABLE_EVENTS):
        words.append("1 event could not be read." if count == 1 else f"{count:,} events could not be read.")
    if count := notes.get(Note.CHOICES):
        words.append(f"The API sent {count:,} answers; the first is shown.")
    if count := notes.get(Note.TOKENS_NOT_BELIEVED):
        words.append(
            f"The API reported {count:,} tokens, more than one request can use: that is not believed."
        )
    return words


def not_sent_words(run: Run) -> str:
    """Return why later messages are sent without this turn; empty where they are sent with it."""
    if run.is_live() or (why := why_left_out(run)) is None:
        return ""
    return f"Later messages are sent without this turn: {why.label[0].lower()}{why.label[1:]}."


def left_out_words(left_out: Sequence[Mapping[str, str]] | None) -> str:
    """Return which earlier turns a request was sent without, and why; empty where it held all of them."""
    if not left_out:
        return ""
    counts = Counter(LeftOut(one["why"]) for one in left_out)
    reasons = ", ".join(f"{number} {LEFT_OUT_WORDS[why]}" for why, number in counts.items())
    return f"{'1 earlier turn' if len(left_out) == 1 else f'{len(left_out)} earlier turns'}: {reasons}"
