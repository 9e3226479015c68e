"""Who uses keys: members, where raxdash itself ran it, and what came from elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from teams.models import Key, User
from usage.claims import UNKNOWN, Amount, at_least, known
from usage.explore.proof.own_spend import GONE, NOBODY
from usage.models import LocalUsage, Meter

# So many people are named.
MOST = 3


@dataclass(frozen=True, slots=True)
class Users:
    """(who, tokens) of the members who ran most with a key, so many `others`, and what came from elsewhere
    with its account; None where nobody else is counted.
    """

    members: Sequence[tuple[str, int]]
    others: int = 0
    elsewhere: Amount | None = None

    @property
    def has_elsewhere(self) -> bool:
        """Tell whether there is anything to be said of it."""
        return self.elsewhere is not None and (self.elsewhere.certain > 0 or not self.elsewhere.is_known)


@dataclass(frozen=True, slots=True)
class OwnRuns:
    """What raxdash ran with keys over some time: by key and member, and by account in all."""

    by_key: Mapping[UUID, Mapping[int | None, int]]
    by_account: Mapping[int, int]
    names: Mapping[int, str]

    def users(self, key: Key, meter: Meter | None, total: Amount | None) -> Users:
        """Who uses a key, of which the provider told so much over that time; None where it counts nothing."""
        ran = Counter(self.by_key.get(key.pk, {})).most_common()
        members = [(self._name(member), tokens) for member, tokens in ran if tokens]
        own = self.by_account.get(meter.pk, 0) if meter else sum(tokens for _, tokens in members)
        return Users(members[:MOST], len(members[MOST:]), total and _beyond(total, own))

    def _name(self, member: int | None) -> str:
        return NOBODY if member is None else self.names.get(member, GONE)


def _beyond(total: Amount, own: int) -> Amount:
    """What is left of a total; what raxdash counts beyond that is nobody's."""
    if total.is_unknown:
        return UNKNOWN
    rest = max(total.certain - own, 0)
    return known(rest) if total.is_known else at_least(rest, total.more)


def reading_own_runs(keys: Sequence[Key], since: datetime) -> Reading[OwnRuns]:
    """What was run with the accounts of some keys from an instant until they last told; two steps."""
    rows = yield from ask(_runs(keys, since))
    by_key: dict[UUID, Counter[int | None]] = defaultdict(Counter)
    by_account: Counter[int] = Counter()
    for account, key_id, member, tokens in rows:
        by_key[key_id][member] += int(tokens)
        by_account[account] += int(tokens)
    people = {member for ran in by_key.values() for member in ran if member is not None}
    found = (yield from ask(User.objects.filter(pk__in=people).only("name", "email"))) if people else []
    return OwnRuns(by_key, by_account, {user.pk: str(user) for user in found})


def _runs(keys: Sequence[Key], since: datetime) -> QuerySet[LocalUsage, tuple[int, UUID, int | None, int]]:
    """(account, key, member, tokens) of the keys, and of all others of their accounts."""
    roots = Meter.objects.filter(key__in=keys).values(root=Coalesce("merged_into", "pk"))
    accounts = Meter.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots)).exclude(key=None)
    until = Case(
        When(key__meter__status=Meter.Status.NO_USAGE, then=None),
        When(key__meter__merged_into__isnull=False, then="key__meter__merged_into__watched_until"),
        default="key__meter__watched_until",
    )
    runs = LocalUsage.objects.filter(Q(key__in=keys) | Q(key__in=accounts.values("key")), at__gte=since)
    told = runs.alias(until=until).filter(Q(until=None) | Q(at__lt=F("until"))).with_tokens()
    account = Coalesce("key__meter__merged_into", "key__meter")
    return told.order_by().values_list(account, "key_id", "member_id").annotate(sum=Sum("tokens"))
