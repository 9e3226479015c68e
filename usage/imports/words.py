"""What an import changes, or changed, in a sentence."""

from collections.abc import Iterator
from datetime import datetime

from common.templatetags.numbers import compact, grouped
from teams.models import Team
from usage.imports.jobs.effect import Effect
from usage.ledger.words import moment
from usage.prices.money import USUAL, told_words

UNTOUCHED = "nothing that was measured changes"


def sentence(effect: Effect, team: Team, *, is_done: bool) -> str:
    """`Adds 1.2 M tokens on 61 days before 3 September 2026; nothing that was measured changes.`"""
    if effect.is_nothing:
        return f"{'Changed' if is_done else 'Changes'} nothing."
    return f"{_deeds(effect, is_done)} {_when(effect, team)}; {UNTOUCHED}."


def remarks(effect: Effect) -> Iterator[str]:
    """What else is to be said of its days."""
    if effect.changed and effect.days:
        yield f"{_days(effect.changed)} of these were imported before, otherwise: the newest import counts."
    elif effect.changed:
        yield "They were imported before, otherwise: the newest import counts."
    if effect.same:
        yield f"{_days(effect.same)} were imported before, alike: they count once."
    if effect.measured:
        yield f"{_days(effect.measured)} fill nothing: polls tell of all of their time, or a part."


def _deeds(effect: Effect, is_done: bool) -> str:
    adds, takes = ("Added", "Took away") if is_done else ("Adds", "Takes away")
    told = {"token": effect.tokens, "request": effect.requests}
    more = [_counted(amount, word) for word, amount in told.items() if amount > 0]
    fewer = [_counted(-amount, word) for word, amount in told.items() if amount < 0]
    more += [_money(amount, metric) for metric, amount in effect.cost.items() if amount > 0]
    fewer += [_money(-amount, metric) for metric, amount in effect.cost.items() if amount < 0]
    parts = [f"{deed} {' and '.join(some)}" for deed, some in ((adds, more), (takes, fewer)) if some]
    first = " and ".join(parts) or f"{adds} no token"
    return f"{first[0].upper()}{first[1:]} on {_days(effect.days + effect.changed)}"


def _when(effect: Effect, team: Team) -> str:
    if effect.is_before and effect.before is not None:
        return f"before {_day(moment(effect.before), team)}"
    first, last = moment(effect.first or 0), moment((effect.last or 1) - 1)
    if _day(first, team) == _day(last, team):
        return f"({_day(first, team)})"
    return f"between {_day(first, team)} and {_day(last, team)}"


def _day(at: datetime, team: Team) -> str:
    return f"{at.astimezone(team.zone):%-d %B %Y}"


def _days(count: int) -> str:
    return f"{grouped(count)} day{'' if count == 1 else 's'}"


def cost_words(effect: Effect) -> str:
    """How much more it cost, in each currency; a dash for nothing."""
    return ", ".join(_money(amount, metric) for metric, amount in effect.cost.items()) or "–"


def _money(amount: int, metric: str) -> str:
    return told_words(amount, metric.partition(":")[2] or USUAL)


def _counted(amount: int, word: str) -> str:
    return f"{compact(amount)} {word}{'' if amount == 1 else 's'}"
