"""The parts of a usage answer by model and by day; what cannot be read is named, and leaves the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from rax._constants import MAX_ITEMS
from rax._values import (
    Reason,
    read_count,
    read_date,
    read_money,
    read_name,
    read_object,
    why_no_count,
)

# So much of a name that cannot be read is shown.
_SHOWN_CHARS: Final = 60
_HIDDEN: Final = "\N{REPLACEMENT CHARACTER}"


class Unreadable(NamedTuple):
    """A part of a usage answer that was told and cannot be read.

    `field` is its name in the answer, or `name` for that of a model; those of days begin with
    `daily_breakdown`. `model` is what the answer calls the model (or the day) it belongs to, safe to show and
    cut to 60 characters; None where it belongs to none. `reason` is a `Reason`, or other words of the caller.
    """

    field: str
    model: str | None
    reason: str


class ModelUsage(NamedTuple):
    """What one model used in the billing period so far; None where that was not told, or cannot be read."""

    tokens: int | None
    requests: int | None


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """One day of the second dialect's breakdown."""

    date: date
    requests: int
    tokens: int
    cost: Decimal | None


def read_counter(
    value: Mapping[str, Any], name: str, model: str | None, unreadable: list[Unreadable], within: str = ""
) -> int | None:
    """Return a counter; None where it is not told, or cannot be read, which is then noted.

    `within` names the part of the answer that it belongs to, with a full stop.
    """
    told = value.get(name)
    count = read_count(told)
    if count is None and told is not None:
        shown = None if model is None else _shown(model)
        unreadable.append(Unreadable(within + name, shown, why_no_count(told)))
    return count


def read_breakdown(value: Any, unreadable: list[Unreadable]) -> dict[str, ModelUsage]:
    """Return what models used, by their names."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        unreadable.append(Unreadable("breakdown", None, Reason.NOT_AN_OBJECT))
        return {}
    found: dict[str, ModelUsage] = {}
    for told, item in value.items():
        name = read_name(told)
        if name is None:
            reason = Reason.NOT_SHOWABLE if told.strip() else Reason.EMPTY
            unreadable.append(Unreadable("name", _shown(told), reason))
        elif usage := _read_model(told, item, unreadable):
            found[name] = usage
    return found


def _read_model(name: str, item: Any, unreadable: list[Unreadable]) -> ModelUsage | None:
    if not isinstance(item, dict):
        unreadable.append(Unreadable("breakdown", _shown(name), Reason.NOT_AN_OBJECT))
        return None
    if item and "tokens" not in item and "requests" not in item:
        unreadable.append(Unreadable("breakdown", _shown(name), Reason.NO_COUNTERS))
        return None
    tokens = read_counter(item, "tokens", name, unreadable)
    requests = read_counter(item, "requests", name, unreadable)
    return None if tokens is None and requests is None else ModelUsage(tokens, requests)


def read_daily(value: Any, exact: Any, unreadable: list[Unreadable]) -> tuple[DailyUsage, ...]:
    """Return the days of the second dialect; `exact` is the same value with amounts of money as decimals."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        unreadable.append(Unreadable("daily_breakdown", None, Reason.NOT_A_LIST))
        return ()
    pairs = zip(value, exact, strict=True)
    days = (_read_day(read_object(item), read_object(spelled), unreadable) for item, spelled in pairs)
    return tuple(day for day in days if day)


def _read_day(
    item: Mapping[str, Any], exact: Mapping[str, Any], unreadable: list[Unreadable]
) -> DailyUsage | None:
    day = read_date(item.get("date"))
    if day is None:
        unreadable.append(Unreadable("daily_breakdown", None, Reason.NO_DATE))
        return None
    names = ("tokens", "requests")
    counts = {name: read_counter(item, name, str(day), unreadable, "daily_breakdown.") for name in names}
    if any(count is None and item.get(name) is not None for name, count in counts.items()):
        return None
    tokens, requests = counts["tokens"] or 0, counts["requests"] or 0
    return DailyUsage(day, requests=requests, tokens=tokens, cost=read_money(exact.get("cost")))


def _shown(name: str) -> str:
    """A name as it may be shown, whatever stands in it: no control turns round the words beside it."""
    text = "".join(sign if sign.isprintable() else _HIDDEN for sign in name[:_SHOWN_CHARS])
    return text if len(name) <= _SHOWN_CHARS else f"{text[:-1]}…"
