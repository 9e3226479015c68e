"""A run as people read it: its answer as HTML, its state and numbers in words, what can be done with it."""

import json
from dataclasses import dataclass, replace
from time import time
from uuid import UUID, uuid5

from django.utils.safestring import SafeString, mark_safe

from playground.acts import PlaygroundAct
from playground.answers.raw import Raw
from playground.answers.schemas import Verdict
from playground.answers.views import LATER, AnswerView, offered
from playground.editor.form.failures import Failure
from playground.editor.form.typed_messages import Excerpt, as_json, excerpts
from playground.editor.form.variables import typed_before, typed_text
from playground.editor.turns import remarks
from playground.editor.turns.branches import Version
from playground.editor.turns.costs import Costs
from playground.editor.turns.dialogue import asked_in, why_left_out
from playground.editor.turns.figures import Figures
from playground.editor.turns.places import Place
from playground.live.log.log import UNSAVED_WORDS
from playground.live.log.waiting import Waiting
from playground.models import Ending, Rating, Run, RunState, StopCause
from playground.models.ratings import NOTE_CHARS
from playground.requests import count_messages
from playground.streams.live_parts import thought_words
from playground.streams.live_stage import WRITING
from playground.text.json_answers import JSONAnswer, read_answer
from playground.text.markdown import normalize, render
from playground.text.sentences import as_sentence
from teams.models import Membership

# A page shows so much of a message at first: it may have turns of 400,000 characters each.
MESSAGE_SHOWN_CHARS = 20_000
MAYBE_BILLED = "The provider may have billed it."
# Where there is more to say of a state than its name.
STATE_WORDS = {
    RunState.QUEUED: WRITING,
    RunState.RUNNING: WRITING,
    RunState.ENDED_EARLY: "Ended early: the API closed the stream before the answer was whole",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One run for one reader. `is_followed` tells whether its page is sent what comes, by its stream."""

    run: Run
    is_followed: bool
    reader: Membership
    # Whether all text is there and its end waits to be stored.
    is_unsaved: bool = False
    # How it waits for its first words; None where it has any.
    waiting: Waiting | None = None
    # Its place on the page that shows it.
    place: Place | None = None
    costs: Costs | None = None
    # As what its answer is shown, with what that takes.
    view: AnswerView = AnswerView.RENDERED
    raw: Raw | None = None
    verdict: Verdict | None = None

    def on_page(self, address: str, version: Version | None, costs: Costs | None = None) -> "Turn":
        """Return the turn as a page shows it: `version` where there are several at its place."""
        return replace(self, place=Place(self.run.pk, address, version), costs=costs)

    @property
    def is_own(self) -> bool:
        """Whether it stands in a conversation of the reader's."""
        return self.run.conversation.author_id == self.reader.user_id

    @property
    def has_foot(self) -> bool:
        """Whether there is, or will be, something below its message: it keeps its room from the beginning."""
        return bool(self.place and (self.place.version or (self.is_own and self.may_act)))

    @property
    def may_edit(self) -> bool:
        """Whether the reader may ask another version of it: conversations are their authors' own."""
        return bool(self.place) and self.is_own and self.may_act and not self.is_live

    @property
    def may_ask_again(self) -> bool:
        """Whether the reader may have another answer: where there is none, what can be done says itself."""
        return self.may_edit and self.run.has_answer and not self.may_run_again

    @property
    def ask_again_key(self) -> UUID:
        """The idempotency key of that, until there is one more version."""
        version = self.place.version if self.place else None
        return uuid5(self.run.pk, f"again, beside {version.count if version else 1}")

    @property
    def is_typed_otherwise(self) -> bool:
        """Whether its message was not typed as it was sent."""
        before = typed_before(self.run) != (self.run.messages_before or [])
        return before or typed_text(self.run, "message") != self.run.message

    @property
    def views(self) -> tuple[AnswerView, ...]:
        """As what else it can be shown."""
        return offered(self.run)

    @property
    def later_views(self) -> tuple[AnswerView, ...]:
        """As what it can be shown once it has ended."""
        return LATER if self.is_live else ()

    @property
    def json(self) -> JSONAnswer:
        """Its answer read as JSON."""
        return read_answer(self.run.answer)

    @property
    def may_act(self) -> bool:
        """Whether the reader may run something."""
        return self.reader.may(PlaygroundAct.RUN)

    @property
    def message_shown(self) -> str:
        """What is shown of the message."""
        return self.run.message[:MESSAGE_SHOWN_CHARS]

    @property
    def message_left(self) -> int:
        """How many characters of the message are not shown."""
        return max(0, len(self.run.message) - MESSAGE_SHOWN_CHARS)

    @property
    def context_chars(self) -> int:
        """How many characters of it later requests are sent with."""
        asked = sum(len(message.content) for message in asked_in(self.run))
        return 0 if why_left_out(self.run) else asked + len(self.run.said)

    @property
    def context_messages(self) -> int:
        """How many messages of it later requests are sent with."""
        return 0 if why_left_out(self.run) else len(asked_in(self.run)) + 1

    @property
    def typed_before_json(self) -> str:
        """The messages that were typed before its own, as a form keeps them."""
        return as_json(self.run.messages_before or [])

    @property
    def typed_before(self) -> list[Excerpt]:
        """What is shown of the messages that were typed before its own."""
        return excerpts(self.run.messages_before or [], MESSAGE_SHOWN_CHARS)

    @property
    def answer(self) -> SafeString:
        """The text as safe HTML."""
        return mark_safe(render(normalize(self.run.answer), prefix=str(self.run.pk)))  # noqa: S308  sanitized by render

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What was set for the run, with its values as JSON; nothing that was not sent."""
        named = {name: value for name, value in self.run.parameters.items() if name != "extra"}
        extra = self.run.parameters.get("extra", {})
        given = {**{name: value for name, value in named.items() if value is not False}, **extra}
        return [(name, json.dumps(value, ensure_ascii=False)) for name, value in given.items()]

    @property
    def message_count(self) -> int:
        """How many messages were sent."""
        return count_messages(self.run)

    @property
    def is_live(self) -> bool:
        """Whether the run goes on."""
        return self.run.is_live()

    @property
    def is_polled(self) -> bool:
        """Whether the run goes on somewhere else: what it has saved is asked for."""
        return self.is_live and not self.is_followed

    @property
    def state_words(self) -> str:
        """The state as a sentence."""
        if self.is_unsaved:
            return UNSAVED_WORDS
        if self.waiting:
            return self.waiting.words(time())
        state = RunState(self.run.state)
        return STATE_WORDS.get(state, str(state.label))

    @property
    def waited_words(self) -> str:
        """How long it has waited for its first words."""
        return f", {self.waiting.length(time())}" if self.waiting and not self.is_unsaved else ""

    @property
    def finish_words(self) -> str:
        """Why the answer ended, where its state does not say so already."""
        words = remarks.finish_words(self.run)
        return f"finish reason “{words}”" if words and words == self.run.finish_reason else words

    @property
    def error_words(self) -> str:
        """Why there is no whole answer, in whole sentences, and whether it may cost something."""
        run = self.run
        words = as_sentence(run.error_message or self.state_words)
        return f"{words} {MAYBE_BILLED}" if run.maybe_billed else words

    @property
    def cut_words(self) -> str:
        """What to do about an answer that is not whole because it reached max tokens."""
        return remarks.cut_words(self.run)

    @property
    def thought_words(self) -> str:
        """How long the model thought aloud."""
        is_thinking = self.is_live and not self.run.answer
        return "Thinking …" if is_thinking else thought_words(self.run.reasoning_ms)

    @property
    def tool_words(self) -> str:
        """Which tools the model asked for."""
        return remarks.tool_words(self.run)

    @property
    def says_nothing(self) -> bool:
        """Whether the model answered, and said nothing."""
        return self.run.ending == Ending.EMPTY

    @property
    def remarks(self) -> list[str]:
        """What is to be said beside the answer, in sentences."""
        not_sent = remarks.not_sent_words(self.run)
        stored = [remarks.STORED] if self.run.stored_from else []
        return [*stored, *remarks.note_words(self.run), *([not_sent] if not_sent else [])]

    @property
    def left_out_words(self) -> str:
        """Which earlier turns its request was sent without."""
        return remarks.left_out_words(self.run.left_out)

    @property
    def figures(self) -> Figures:
        """What it took, in numbers as people read them."""
        return Figures(self.run, self.costs)

    @property
    def is_stopped_by_member(self) -> bool:
        """Whether somebody pressed Stop."""
        return self.run.state == RunState.STOPPED and self.run.stop_cause == StopCause.MEMBER

    @property
    def stopped_after(self) -> str:
        """After how much of an answer it was stopped."""
        return remarks.stopped_after(self.run)

    @property
    def may_go_on(self) -> bool:
        """Whether the answer was cut and the reader can have it gone on with."""
        return self.may_act and self.is_own and self.run.ending == Ending.CUT and self.run.has_answer

    @property
    def go_on_words(self) -> str:
        """What is sent after it then."""
        return remarks.GO_ON

    @property
    def go_on_key(self) -> UUID:
        """The idempotency key of going on: two presses of one button are one run."""
        return uuid5(self.run.pk, "go on")

    @property
    def failure(self) -> Failure:
        """Why there is no whole answer, and what can be done."""
        return Failure(self.run, self.reader)

    @property
    def again_key(self) -> UUID:
        """The idempotency key of asking the same again: two presses of one button are one run."""
        return uuid5(self.run.pk, "again")

    @property
    def rating(self) -> Rating | None:
        """What the team thinks of it."""
        return getattr(self.run, "rating", None)

    @property
    def most_note_chars(self) -> int:
        """How long a note on it may be."""
        return NOTE_CHARS

    @property
    def may_rate(self) -> bool:
        """Whether the reader may say what to think of it."""
        return self.reader.may(PlaygroundAct.RATE_RUNS)

    @property
    def may_run_again(self) -> bool:
        """Whether asking the same again may help, and the reader may do that."""
        return self.may_act and self.failure.may_run_again
