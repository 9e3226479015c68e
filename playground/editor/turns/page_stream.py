"""What a page follows: all live runs that it shows, by one event stream, however many columns it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from playground.editor.turns.turns import Turn
from playground.live.outcome.deadlines import longest_seconds
from playground.streams import tickets
from playground.streams.tickets import Ticket

# The end of a ticket names its element: another one is another connection.
NAME_CHARS = 12


@dataclass(frozen=True, slots=True)
class PageStream:
    """The one stream of a page. `ticket` is empty where nothing of it can be followed from this process."""

    live: tuple[UUID, ...] = ()
    followed: tuple[UUID, ...] = ()
    ticket: str = ""

    @property
    def name(self) -> str:
        """What tells this stream from others of its page."""
        return self.ticket[-NAME_CHARS:]

    @classmethod
    def of(cls, turns: Iterable[Turn], session_key: str) -> "PageStream":
        """Return the stream of a page that shows these turns of one team to one reader."""
        live = [turn for turn in turns if turn.is_live]
        followed = [turn for turn in live if turn.is_followed]
        runs = tuple(turn.run.pk for turn in followed)
        if not followed:
            return cls(tuple(turn.run.pk for turn in live))
        reader, longest = followed[0].reader, max(longest_seconds(turn.run.key) for turn in followed)
        ticket = tickets.issue(Ticket(reader.user_id, reader.team_id, runs), session_key, longest)
        return cls(tuple(turn.run.pk for turn in live), runs, ticket)
