"""What of a pasted text was not read: told in words, each once."""

from dataclasses import dataclass, field

from playground.code.export.literals import whole_characters


@dataclass(kw_only=True)
class PartlyRead:
    """Something that was read, and in words what of it was not understood or left out."""

    unread: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Note once what was not read."""
        # What was pasted may name half a character, which no page can show.
        if (shown := whole_characters(words)) not in self.unread:
            self.unread.append(shown)
