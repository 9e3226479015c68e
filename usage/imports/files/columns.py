"""What the columns of a file are: found by their heads, as raxdash's own exports write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from common.spreadsheets import unguarded
from usage.imports.files.faults import Unreadable, quoted
from usage.ledger import METRICS
from usage.ledger.words import COST

START, END, AMOUNT, MEASURE = "start", "end", "amount", "measure"
KEY, KEY_ID, ACCOUNT, ACCOUNT_ID, MODEL, MODEL_ID = (
    "key",
    "key_id",
    "account",
    "account_id",
    "model",
    "model_id",
)
STRETCH, QUALITY, UNIT = "stretch", "quality", "unit"
# Other heads for the same.
ALSO = {
    "from": START,
    "to": END,
    "key_name": KEY,
    "account_name": ACCOUNT,
    "model_name": MODEL,
    "metric": MEASURE,
    "is_stretch": STRETCH,
    "currency": UNIT,
}
NAMED_KEYS = (KEY, KEY_ID, ACCOUNT, ACCOUNT_ID)
# What our files tell beside: it follows from the rest, or is for people.
COMPARED = {"compared_start", "compared_end", "compared_amount", "compared_quality"}
BESIDE = {"up_to_more", "note", *COMPARED}
KNOWN = {
    *(START, END, AMOUNT, MEASURE, UNIT, MODEL, MODEL_ID, STRETCH, QUALITY),
    *NAMED_KEYS,
    *METRICS,
    COST,
}

# So many heads of columns that are not read are kept, to be named; a file may have a million of them.
MOST_OTHERS, MORE = 10, "…"

# Groups of keys, or parts of what raxdash itself ran: what they count cannot be booked on one key.
GROUPS = ("owner", "project", "label", "member", "source")
NO_KEYS = {f"{group}{ending}" for group in GROUPS for ending in ("", "_id")}
WITHOUT_KEYS = "The column {} groups by something else than keys and models. Export by key and model."
NO_START = "There is no column “start”. The first line names the columns: start, end, key, model, tokens."
NO_AMOUNT = "There is no column of numbers: “tokens”, “requests” or “cost”."
NO_MEASURE = "The column “amount” does not say of what. Name it “tokens”, “requests” or “cost”."
NO_CURRENCY = "Nothing says in which currency the costs are: a column “currency” does."
TWICE = "The column {} is there twice."


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row what stands; `others` are the heads of some that are not read, cut."""

    places: Mapping[str, int]
    others: tuple[str, ...]

    @classmethod
    def of(cls, heads: Sequence[str]) -> Self:
        """Read the heads of columns; raise `Unreadable` where something is missing, or cannot be taken."""
        places: dict[str, int] = {}
        others: list[str] = []
        for place, head in enumerate(heads):
            name = _plain(head)
            if name in places:
                raise Unreadable(TWICE.format(quoted(head.strip())))
            if name in NO_KEYS:
                raise Unreadable(WITHOUT_KEYS.format(quoted(head.strip())))
            if name in KNOWN:
                places[name] = place
            elif name and name not in BESIDE and len(others) <= MOST_OTHERS:
                others.append(quoted(head.strip()) if len(others) < MOST_OTHERS else MORE)
        found = cls(places, tuple(others))
        found.check()
        return found

    def check(self) -> None:
        """Raise `Unreadable` where there are no times or no numbers."""
        if START not in self.places:
            raise Unreadable(NO_START)
        if not self.metrics and AMOUNT not in self.places:
            raise Unreadable(NO_AMOUNT)
        if AMOUNT in self.places and MEASURE not in self.places:
            raise Unreadable(NO_MEASURE)
        if COST in self.places and UNIT not in self.places:
            raise Unreadable(NO_CURRENCY)

    @property
    def metrics(self) -> list[str]:
        """The metrics that have a column of their own."""
        return [metric for metric in (*METRICS, COST) if metric in self.places]

    @property
    def names_keys(self) -> bool:
        """Tell whether rows say whom they are about."""
        return any(name in self.places for name in NAMED_KEYS)

    def told(self, row: Sequence[str]) -> dict[str, str]:
        """What a row has in each column, as it was before it was guarded; short rows have no more."""
        width = len(row)
        return {name: unguarded(row[place]).strip() for name, place in self.places.items() if place < width}


def _plain(head: str) -> str:
    """A head without capitals and with one sign between its words."""
    name = "_".join(head.replace("_", " ").replace("-", " ").replace(".", " ").lower().split())
    return ALSO.get(name, name)
