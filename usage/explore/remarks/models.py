"""Changes of the models that are offered, as remarks: of one model, or of several at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from common.templatetags.names import isolated
from usage.catalogue.words import changed_figure
from usage.explore.remarks.remark import Link, Remark
from usage.explore.remarks.times import Times
from usage.explore.sheet.short_names import ends
from usage.models import ModelChange

Kind = ModelChange.Kind
# So many models are named in one sentence.
MOST_NAMES = 3
OFFERED = {
    Kind.APPEARED: "is offered since then.",
    Kind.DISAPPEARED: "is no longer offered.",
    Kind.RETURNED: "is offered again.",
}


def changed_models(changes: Iterable[ModelChange], times: Times, page: str) -> list[Remark]:
    """What changed, oldest first: all figures of one model together, and all that came or went at once.
    `page` is the address of the models' page.
    """
    remarks = []
    for (at, kind, _), found in groupby(sorted(changes, key=_place), key=_place):
        group = list(found)
        sentence = OFFERED.get(Kind(kind)) or _figures(group)
        if len(group) > 1 and kind != Kind.CHANGED:
            sentence = sentence.replace("is ", "are ", 1)
        lead = f"{times.at(at)}, {_names(group)}:"
        remarks.append(Remark(at, None, lead, sentence, links=(Link("Models", page),)))
    return remarks


def _place(change: ModelChange) -> tuple[datetime, str, int]:
    """What is told together."""
    return change.at, change.kind, change.model_id if change.kind == Kind.CHANGED else 0


def _names(changes: Sequence[ModelChange]) -> str:
    names = sorted({change.model.name for change in changes})
    shown, more = [isolated(ends(name)) for name in names[:MOST_NAMES]], len(names) - MOST_NAMES
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _figures(changes: Sequence[ModelChange]) -> str:
    """`context window 8,192 → 16,384, owned by Rax → Others.`"""
    return ", ".join(map(changed_figure, changes)) + "."
