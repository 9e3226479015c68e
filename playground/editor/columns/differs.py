"""What differs between the columns of a page, and whether their answers can say which difference did what.

Pure: from the fields as they were typed. Columns can be compared where one thing alone differs between them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playground.editor.columns.columns import LETTERS
from playground.editor.form.labels import LABELS
from playground.editor.form.typed_messages import messages_in, told
from playground.editor.form.variables import differing_values
from playground.models.drafts import Fields

NOT_SENT = "not sent"
# Of a text that is shown in a line.
SHOWN_CHARS = 40
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that differs: the field's name, its words, and which columns have what."""

    name: str
    label: str
    groups: tuple[tuple[str, str], ...]

    @property
    def values(self) -> list[str]:
        """What the columns have, each once, from A on."""
        return [value for _, value in self.groups]


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs on a page."""

    factors: tuple[Factor, ...]
    # By a factor's words: the columns between which nothing else differs.
    compared: tuple[tuple[str, str], ...]
    # The columns that differ from every other one in more than one thing.
    lost: str
    # The letter of the column that the others are held against.
    first: str = LETTERS[0]

    @property
    def is_pair(self) -> bool:
        """Whether two columns are compared."""
        return len(letters_of(self.factors)) == 2

    @property
    def is_warned(self) -> bool:
        """Whether an answer cannot say what made it different."""
        return bool(self.lost)

    @property
    def words(self) -> str:
        """What the answers can tell, or why they cannot, as a sentence; empty where that is plain."""
        if self.lost and len(self.lost) == len(letters_of(self.factors)):
            count = len(self.factors)
            return f"{number(count).capitalize()} things differ: the answers cannot say which one did it."
        if self.lost:
            verb, whose = ("differs", "its answer") if len(self.lost) == 1 else ("differ", "their answers")
            which = f"{listed(self.lost)} {verb} from all others in more than one thing"
            return f"{which}: {whose} cannot say which did it."
        if len(self.compared) < 2:
            return ""
        first, *rest = (f"{listed(letters)} compare the {label.lower()}" for label, letters in self.compared)
        return "; ".join([first, *(words.replace(" compare", "", 1) for words in rest)]) + "."

    @property
    def cure(self) -> Factor | None:
        """What alone may differ, where too much does: the model if it does, else the first thing."""
        return self.factors[0] if self.lost and len(self.factors) > 1 else None


def differences(
    columns: Sequence[Fields],
    key_names: Mapping[str, str] | None = None,
    letters: str = LETTERS,
    earlier: Sequence[str] = (),
) -> Differences:
    """Return what differs between columns; `key_names` has the names of keys by what their field may hold,
    `letters` those of the columns in order, where others stand between them, `earlier` what is said before
    the next message of each, where that is more than what is typed.
    """
    names = key_names or {}
    first_key = next(iter(names.values()), "")
    reading = {**READING, "key": lambda typed: names.get(typed.strip(), typed.strip()) or first_key}
    alike = {name: [read(column.get(name, "")) for column in columns] for name, read in reading.items()}
    alike["variables"] = differing_values(columns)
    alike["messages_before"] = list(earlier) or alike["messages_before"]
    factors = tuple(
        Factor(name, LABELS[name], groups_of(values, letters))
        for name, values in alike.items()
        if len(set(values)) > 1
    )
    differing = {factor.name: alike[factor.name] for factor in factors}
    found = comparisons(differing, letters)
    told = {letter for _, which in found for letter in which}
    lost = "" if not factors else "".join(letter for letter in letters[: len(columns)] if letter not in told)
    labels = tuple((LABELS[name], which.upper()) for name, which in found)
    return Differences(factors, labels, lost.upper(), letters[:1])


def groups_of(values: Sequence[str], letters: str = LETTERS) -> tuple[tuple[str, str], ...]:
    """Return which columns have what, from the first on: (("AB", "0.2"), ("C", "0.7"))."""
    having: dict[str, str] = {}
    for letter, value in zip(letters, values, strict=False):
        having[value] = having.get(value, "") + letter.upper()
    first = next(iter(having))
    if any(len(value) > SHOWN_CHARS for value in having):
        return tuple((which, size(value, first)) for value, which in having.items())
    return tuple((which, " ".join(value.split()) or NOT_SENT) for value, which in having.items())


def comparisons(differing: Mapping[str, Sequence[str]], letters: str = LETTERS) -> list[tuple[str, str]]:
    """Return, for each thing that differs, the columns that differ in nothing else."""
    found: list[tuple[str, str]] = []
    for name, values in differing.items():
        others = [other for other in differing if other != name]
        together: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(values)):
            rest = tuple(differing[other][place] for other in others)
            together.setdefault(rest, []).append(place)
        found += [
            (name, "".join(letters[place] for place in places))
            for places in together.values()
            if len({values[place] for place in places}) > 1
        ]
    return found


def number(count: int) -> str:
    """Return a small number as a word."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def listed(letters: str) -> str:
    """Return letters as people list them: "A", "A and B", "B, C and D"."""
    return " and ".join(filter(None, [", ".join(letters[:-1]), letters[-1]]))


def letters_of(factors: Sequence[Factor]) -> str:
    """Return the letters of the columns that are compared."""
    return "".join(which for which, _ in factors[0].groups) if factors else ""


def size(value: str, first: str) -> str:
    """Return how long a text is, or how much longer than the first: one that is too long to be shown."""
    if not value:
        return NOT_SENT
    more = len(value.split()) - len(first.split())
    if value == first or not first:
        return words_of(len(value.split()))
    return f"{'+' if more > 0 else '−'}{words_of(abs(more))}" if more else "other words"


def words_of(count: int) -> str:
    """Return so many words."""
    return f"{count:,} word{'' if count == 1 else 's'}"


def text(typed: str) -> str:
    """Return a text as it is sent: of nothing but space, none is."""
    return typed.replace("\r\n", "\n") if typed.strip() else ""


def typed_number(typed: str) -> str:
    """Return a number as one writes it; what is none, as it was typed."""
    plain = typed.strip().replace(",", ".")
    try:
        return f"{float(plain):g}" if plain else ""
    except ValueError:
        return plain


def lines(typed: str) -> str:
    """Return lines that have something on them."""
    return "\n".join(filter(str.strip, text(typed).split("\n")))


def streamed(typed: str) -> str:
    """Return whether an answer comes in pieces, in words."""
    return "on" if typed else "off"


# What may differ, in the order in which it is told, and how what was typed is read.
READING: dict[str, Callable[[str], str]] = {
    "model": str.strip,
    "key": str.strip,
    "system_prompt": text,
    "messages_before": lambda typed: told(messages_in(typed)),
    "message": text,
    "variables": text,
    "temperature": typed_number,
    "max_tokens": typed_number,
    "top_p": typed_number,
    "stop": lines,
    "extra": str.strip,
    "stream": streamed,
}
