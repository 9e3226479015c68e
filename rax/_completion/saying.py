"""What can be read of a completion at any time while it is said, and whatever its end."""

from rax._completion.tokens import Usage
from rax._completion.tools import ToolCall
from rax._completion.transcript import Transcript


class Saying:
    """The answer of choice 0 so far, or of the least where a server counts from another number.

    Whoever inherits it keeps the transcript in `_said`.
    """

    _said: Transcript

    @property
    def text(self) -> str:
        """All text received so far."""
        return self._said.text

    @property
    def finish_reason(self) -> str | None:
        """The API's word for why it stopped; None until it says so."""
        return self._said.finish_reason

    @property
    def finish_reason_given(self) -> bool:
        """Whether the API has said why it stopped."""
        return self.finish_reason is not None

    @property
    def reasoning(self) -> str:
        """All that the model thought so far."""
        return self._said.answer.reasoning.text

    @property
    def refusal(self) -> str:
        """What the model said so far in place of an answer."""
        return self._said.answer.refusal.text

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tools that the model asked for, as far as they are known."""
        return self._said.answer.tools.whole()

    @property
    def choices(self) -> int:
        """How many answers have said something so far; what is told here is of one of them."""
        return self._said.choices

    @property
    def usage(self) -> Usage | None:
        """The tokens as reported, or None where the stream has reported none that can be believed."""
        return self._said.usage

    @property
    def unbelieved_tokens(self) -> int | None:
        """The largest count that was reported and that no request can have used; None if there is none."""
        return self._said.unbelieved_tokens

    @property
    def model(self) -> str | None:
        """The model that answers, in the API's words."""
        return self._said.model
