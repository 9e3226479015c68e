"""What an address names and nobody finds: keys and models of filters, series to be hidden."""

from collections.abc import Collection, Iterator, Sequence

from usage.explore.query.dimensions import Dimension, Filter, series_of_text
from usage.explore.query.placed import Placed
from usage.explore.query.query import View
from usage.explore.query.reader import quoted
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import NONE, OTHERS, OWN, REST, plain
from usage.explore.sheet.tables import Column

# What is known of at any time, or not at all; an owner, a project or a label is of its days alone.
LASTING = {Dimension.KEY, Dimension.ACCOUNT, Dimension.MODEL}
# Ids that are words.
WORDS = {NONE, OTHERS, *REST}


def unknown_filters(filters: Sequence[Filter], names: Names) -> Iterator[str]:
    """A clause for each key, account and model that filters name and of which nothing is known."""
    for each in filters:
        for value in each.ids if each.dimension in LASTING else ():
            if not names.knows(each.dimension, value):
                what = f"the {each.dimension.label.lower()} {quoted(value)}"
                yield f"nothing is known of {what}, which a filter names"


def idle_anchor(placed: Placed) -> Iterator[str]:
    """A clause where a sum should start again with a named account's billing periods, and none is there."""
    is_asked = placed.query.anchor and placed.query.view == View.CUMULATIVE
    if is_asked and not any(period.of for period in (*placed.billing, *placed.time.billing)):
        yield "no billing period of the account that was named begins in this time"


def hidden_names(hidden: Collection[str], columns: Collection[Column]) -> set[str]:
    """The columns that an address hides, by their ids' text; old ones hide them by what they are called."""
    names, called = {column.name for column in columns}, {column.label: column.name for column in columns}
    return {text if text in names else called.get(text, text) for text in hidden}


def idle_names(
    hidden: Collection[str], columns: Collection[Column], by: Sequence[Dimension]
) -> Iterator[str]:
    """A clause for each text that hides nothing and cannot: it is no id, and nothing shown is called so.
    An id may be of another time. Something is always shown, which is said too.
    """
    called = {column.label for column in columns}
    if hidden and columns and {column.name for column in columns} <= hidden_names(hidden, columns):
        yield "all series were to be hidden: here they are"
    for text in hidden:
        if text not in called and not _is_id(text, by):
            yield f"nothing here is called {quoted(text)}, so that nothing is hidden by it"


def _is_id(text: str, by: Sequence[Dimension]) -> bool:
    series = series_of_text(text)
    if series == REST:
        return True
    return len(series) == len(by) and all(map(_may_be, by, map(plain, series)))


def _may_be(dimension: Dimension, value: str) -> bool:
    """Tell whether a value is an id of a dimension; old names may look like ids that are words."""
    is_word = value.replace("-", "").replace("_", "").isalnum() and not value[:1].isdecimal()
    if is_word and dimension not in (Dimension.SOURCE, Dimension.KEY):
        return value in WORDS or value.startswith(OWN)
    return dimension.may_name(value)
