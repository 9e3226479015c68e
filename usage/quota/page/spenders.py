"""Who spends a key today: members where raxdash itself ran it, else by model what came from elsewhere."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from common.database.together import Reading, ask
from teams.models import Key, User
from usage.explore.proof.own_spend import GONE, NOBODY
from usage.ledger import OTHER_MODELS, UNATTRIBUTED
from usage.models import LocalUsage, Meter

NAMES = {UNATTRIBUTED: "no model told", OTHER_MODELS: "other models"}
MOST = 8


class Own(NamedTuple):
    """What a member ran in raxdash with a model."""

    source: str
    member_id: int | None
    model: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Spender:
    """A part of what was used: `where` it came from, and `who` or which model; others chose that name."""

    where: str
    who: str
    amount: int
    share: float

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether raxdash did not run it."""
        return self.where == "Elsewhere"


@dataclass(frozen=True, slots=True)
class Spenders:
    """All parts of what was used today, the largest first: never more than `total`, which the provider told.

    `excess` is what raxdash counts beyond that: estimates, or runs that the provider counts elsewhere.
    """

    parts: Sequence[Spender]
    total: int
    excess: int = 0
    is_local: bool = False

    @property
    def mostly(self) -> Spender | None:
        """The largest part."""
        return self.parts[0] if self.parts else None


def reading_own(
    keys: QuerySet[Key], since: datetime, until: datetime
) -> Reading[tuple[list[Own], dict[int, str]]]:
    """What raxdash ran with keys from some moment until they last told, and who people are. Two steps."""
    runs = LocalUsage.objects.filter(key__in=keys).between(since, until).with_tokens().order_by()
    rows = yield from ask(runs.values_list("source", "member_id", "model").annotate(sum=Sum("tokens")))
    own = [Own(source, member, model, int(tokens)) for source, member, model, tokens in rows]
    people = {each.member_id for each in own if each.member_id is not None}
    found = (yield from ask(User.objects.filter(pk__in=people).only("name", "email"))) if people else []
    return own, {user.pk: str(user) for user in found}


def keys_of(key: Key, meter: Meter | None) -> QuerySet[Key]:
    """The keys of an account: they are counted together."""
    if meter is None:
        return Key.objects.filter(pk=key.pk)
    return Key.objects.filter(Q(meter=meter) | Q(meter__merged_into=meter))


def spenders(
    models: Mapping[str, int], own: Iterable[Own], names: Mapping[int, str], *, is_local: bool
) -> Spenders:
    """Put together what the provider told by model and what raxdash ran itself."""
    own = list(own)
    ours, told = Counter[tuple[str, int | None]](), Counter[str]()
    for each in own:
        ours[each.source, each.member_id] += each.tokens
        told[each.model] += each.tokens
    total = ours.total() if is_local else max(sum(models.values()), 0)
    amounts = [(_where(source), _who(member, names), amount) for (source, member), amount in ours.items()]
    if not is_local:
        amounts += _elsewhere(models, told, total - ours.total())
    parts = [
        Spender(where, who, amount, amount / total if total else 0.0)
        for where, who, amount in sorted(amounts, key=lambda part: -part[2])
        if amount > 0
    ]
    return Spenders(_largest(parts), total, max(ours.total() - total, 0), is_local)


def _elsewhere(models: Mapping[str, int], ours: Counter[str], rest: int) -> list[tuple[str, str, int]]:
    """What came from elsewhere, by model; in one where the names of models do not meet."""
    left = {model: max(amount - ours[model], 0) for model, amount in models.items()}
    if sum(left.values()) > max(rest, 0):
        return [("Elsewhere", "", max(rest, 0))]
    return [("Elsewhere", NAMES.get(model, model), amount) for model, amount in left.items()]


def _largest(parts: Sequence[Spender]) -> list[Spender]:
    """So many as are read at a glance; the others in one."""
    if len(parts) <= MOST:
        return list(parts)
    rest = parts[MOST - 1 :]
    others = Spender("Others", "", sum(part.amount for part in rest), sum(part.share for part in rest))
    return [*parts[: MOST - 1], others]


def _where(source: str) -> str:
    labels: Any = dict(LocalUsage.Source.choices)
    return str(labels.get(source, source))


def _who(member: int | None, names: Mapping[int, str]) -> str:
    return NOBODY if member is None else names.get(member, GONE)
