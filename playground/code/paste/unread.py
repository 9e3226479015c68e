"""What of a pasted text was not read: told in words, each once."""

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class PartlyRead:
    """Something that was read, and in words what of it was not understood or left out."""

    unread: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Note once what was not read."""
        if words not in self.unread:
            self.unread.append(words)
