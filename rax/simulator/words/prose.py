"""Sentences, lists, tables and essays about a topic, drawn by a seeded chance."""

from collections.abc import Callable
from itertools import count
from random import Random

_OPENINGS = (
    "Short answer: {topic} is mostly a question of {quality}, and the rest follows from it.",
    "There are two ways to look at {topic}, and the useful one starts with {quality}.",
    "Let me take {topic} in order, because {quality} only makes sense once the basics are clear.",
    "People usually meet {topic} from the wrong end — the end where {quality} is already missing.",
    "{Topic} looks simple from outside; the interesting part is where {quality} comes from.",
)
_SUBJECTS = (
    "A careful look at {word}",
    "The first thing to know about {word}",
    "What most teams learn about {word}",
    "Anyone who has worked with {word}",
    "The quiet part of {topic}",
    "A small experiment with {word}",
    "The usual advice on {topic}",
    "Every good account of {word}",
    "A week of measuring {word}",
    "The history of {topic}",
)
_VERBS = (
    "shows that",
    "reminds us that",
    "makes it plain that",
    "suggests that",
    "rests on the fact that",
    "begins with the observation that",
    "comes down to this:",
    "leaves little doubt that",
)
_CLAIMS = (
    "{quality} is worth more than speed",
    "the simplest version survives the longest",
    "numbers settle arguments that opinions cannot",
    "a clear name saves an hour of explanation",
    "the exceptions deserve as much attention as the rule",
    "one honest measurement beats ten confident guesses",
    "{quality} has to be designed in rather than added later",
    "what is written down can be improved by somebody else",
    "the cost appears late and the benefit appears early",
    "small steps are easier to undo than large ones",
    "{word} and {quality} pull in the same direction",
    "the boring solution is usually the one still running",
)
_TAILS = (
    ".",
    ", even under pressure.",
    " — and that is rarely an accident.",
    ", which is easy to check.",
    ", at least for the first year.",
    ", whatever the size of the team.",
    ". That alone changes how you plan it.",
    ", and newcomers notice it first.",
)
_CLOSINGS = (
    "If you tell me more about your situation, I can make this concrete for {topic}.",
    "Start with the smallest piece of {topic} you can finish today, and look at {quality} again tomorrow.",
    "So: keep {topic} simple, measure {quality}, and change one thing at a time.",
    "That is enough to begin; the finer points of {topic} are best learned on a real case.",
)
_QUALITIES = (
    "clarity",
    "consistency",
    "good timing",
    "patience",
    "trust",
    "a clear boundary",
    "honest feedback",
    "balance",
    "attention to detail",
)
_HEADINGS = (
    "Where {topic} begins",
    "Why {quality} matters",
    "What usually goes wrong",
    "A worked example",
    "Looking closer at {word}",
    "What to keep in mind",
    "The part nobody mentions",
    "How to tell it works",
)
_STEPS = (
    "**Write down the goal.** One sentence about {topic} that a colleague would agree with.",
    "**Look at what is there.** Note where {word} already works, and leave that alone.",
    "**Choose one measure.** For {quality}, a number you can read every day is enough.",
    "**Make the smallest change.** It should fit into an afternoon and be easy to undo.",
    "**Compare before and after.** If {word} did not move, say so and try the next idea.",
    "**Tell the others.** A short note about {topic} keeps the next person from starting again.",
)
_ROWS = ("Effort to start", "Cost over a year", "Fits small teams", "Room to grow", "What it asks of you")
_CELLS = (
    "low",
    "moderate",
    "high",
    "very little",
    "grows with use",
    "≈ 2 days",
    "yes",
    "only with care",
    "{quality}",
)
_LINES = (
    "A morning leans on {word},",
    "the window keeps its light;",
    "somebody counts the quiet hours",
    "and writes them down at night.",
    "{Topic}, said the river,",
    "is only what you hear",
    "when all the other voices",
    "have wandered out of ear.",
)


class Prose:
    """Writes about the telling words of a prompt."""

    def __init__(self, chance: Random, words: list[str], topic: str) -> None:
        self.chance = chance
        self.words = words
        self.topic = topic

    def greeting(self, said: str) -> str:
        if "thank" in said:
            return "You’re welcome! Is there anything else I can help with?"
        return "Hello! It’s good to hear from you. What shall we work on — a question, a text, or some code?"

    def explanation(self) -> str:
        """Three paragraphs, sometimes under headings."""
        if self.chance.random() < 0.5:
            return self._framed(self._paragraph(), self._paragraph())
        first, second = (self._fill(text) for text in self.chance.sample(_HEADINGS, 2))
        sections = [f"## {first}", self._paragraph(), f"## {second}", self._paragraph()]
        return self._framed(*sections)

    def with_steps(self) -> str:
        steps = self.chance.sample(range(len(_STEPS)), 4)
        lines = [f"{number}. {self._fill(_STEPS[at])}" for number, at in enumerate(sorted(steps), start=1)]
        return self._framed("\n".join(lines), self._paragraph())

    def with_table(self) -> str:
        left = self.words[0].capitalize()
        right = self.words[1].capitalize() if len(self.words) > 1 else "The alternative"
        rows = [f"| {row} | {self._pick(_CELLS)} | {self._pick(_CELLS)} |" for row in _ROWS]
        table = "\n".join([f"| | {left} | {right} |", "| --- | --- | --- |", *rows])
        points = "\n".join(f"- {self._sentence()}" for _ in range(3))
        return self._framed(table, "Three things stand out:", points)

    def with_code(self, snippet: str) -> str:
        notes = "\n".join(f"- {self._sentence()}" for _ in range(2))
        lead = self._fill("Here is a small version for {topic} that you can run as it stands:")
        return "\n\n".join([lead, snippet, "A few remarks:", notes, self._pick(_CLOSINGS)])

    def poem(self) -> str:
        lines = [self._fill(line) + "  " for line in _LINES]
        return "\n".join([*lines[:4], "", *lines[4:]])

    def essay(self, words: int) -> str:
        """A text of `words` words or slightly more, with a heading every few paragraphs where it is long."""
        parts: list[str] = []
        written = 0
        for position in count():
            if written >= words:
                break
            if words > 200 and position % 3 == 0:
                parts.append("## " + self._pick(_HEADINGS))
            parts.append(self._paragraph(limit=words - written))
            written += len(parts[-1].split())
        return "\n\n".join(parts)

    def _framed(self, *parts: str) -> str:
        """Parts between an opening and a closing sentence."""
        return "\n\n".join([self._pick(_OPENINGS), *parts, self._pick(_CLOSINGS)])

    def _paragraph(self, limit: int = 80) -> str:
        """Sentences until there are about sixty words, or `limit`."""
        sentences: list[str] = []
        while sum(len(sentence.split()) for sentence in sentences) < min(limit, 60):
            sentences.append(self._sentence())
        return " ".join(sentences)

    def _sentence(self) -> str:
        parts = (_SUBJECTS, _VERBS, _CLAIMS)
        return self._fill(" ".join(self.chance.choice(part) for part in parts) + self.chance.choice(_TAILS))

    def _pick(self, texts: tuple[str, ...]) -> str:
        return self._fill(self.chance.choice(texts))

    def _fill(self, text: str) -> str:
        """Put topic, one of its words and a quality into a sentence."""
        fillers: dict[str, Callable[[], str]] = {
            "{topic}": lambda: self.topic,
            "{Topic}": lambda: self.topic[:1].upper() + self.topic[1:],
            "{word}": lambda: self.chance.choice(self.words),
            "{quality}": lambda: self.chance.choice(_QUALITIES),
        }
        for name, filler in fillers.items():
            if name in text:
                text = text.replace(name, filler())
        return text[:1].upper() + text[1:]
