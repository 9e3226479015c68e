"""What may be asked instead, in a sentence for each part of a question that cannot be read."""

from collections.abc import Iterator, Mapping

from usage.explore.query.comparison import LABELS as COMPARISONS
from usage.explore.query.dimensions import Dimension
from usage.explore.query.measures import Measure
from usage.explore.query.periods import LABELS as PERIODS
from usage.explore.query.query import View
from usage.explore.query.reader import Parts, read_query
from usage.explore.query.steps import Step

type Words = tuple[str, ...]

CHOICES: Mapping[str, Words] = {
    "measure": tuple(Measure),
    "by": tuple(Dimension),
    "step": tuple(Step),
    "view": tuple(View),
    "compare": (*COMPARISONS, "two days such as 2026-10-01..2026-10-31"),
    "period": (*PERIODS, "so many days such as 7d", "so many months such as 3m"),
}
IDS = "A filter takes ids, not names: those of rows, of /api/v1/keys and, as “model”, of /api/v1/models."


def advice(parts: Parts) -> Iterator[str]:
    """A sentence for each parameter that cannot be read as it is."""
    for name, values in parts.items():
        if not read_query({name: values})[1]:
            continue
        if name in CHOICES:
            yield f"{name} is {_listed(CHOICES[name])}."
        elif name.startswith("filter."):
            yield IDS


def _listed(words: Words) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
