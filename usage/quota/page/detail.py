"""All that is known of one key's limits today: its curve, who spends it, and whether its plan fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.database.together import Reading as Steps
from common.database.together import side_by_side
from teams.models import Team
from usage.ledger import TOKENS
from usage.quota.day import QuotaDay, quota_day
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.reading import Foreseen, GoingOn, reading_foreseen
from usage.quota.key_quota import KeyQuota
from usage.quota.page.account_day import Moved, reading_moved
from usage.quota.page.curve import Curve, sums, usual_day
from usage.quota.page.endings import Nearest
from usage.quota.page.fit import Fit, fits
from usage.quota.page.other_limits import Beside, OtherFits, reading_beside
from usage.quota.page.own_steps import reading_own_steps
from usage.quota.page.rows import Row
from usage.quota.page.spenders import Own, Spenders, keys_of, reading_own, spenders


@dataclass(frozen=True, slots=True)
class Parts:
    """What is read of a key beside its row: what moved, what raxdash ran, who people are, a forecast."""

    moved: Moved
    own: Sequence[Own]
    names: Mapping[int, str]
    foreseen: Foreseen | None
    beside: Beside


@dataclass(frozen=True, slots=True)
class Detail:
    """One key's row with what it opens to. There is no curve where nothing is known of today."""

    row: Row
    curve: Curve | None
    spenders: Spenders
    fits: Sequence[Fit]
    other_fits: OtherFits


def reading_parts(
    team: Team, quota: KeyQuota, limit: Nearest, since: datetime, now: datetime
) -> Steps[Parts]:
    """What is read of a key since some day began; two steps. The day's forecast comes with the row, where the
    day is what is nearest to its end.
    """
    day = quota_day(now, team.quota_zone)
    today = {} if limit.is_day and limit.gauge.limit is not None else _today(quota)
    (moved, beside), (own, names), foreseen = yield from side_by_side(
        side_by_side(_moved(quota, since, day, now), reading_beside(quota.meter, since, now)),
        _own(quota, now),
        reading_foreseen(team, TOKENS, today, now),
    )
    return Parts(moved, own, names, foreseen.get(quota.meter.pk) if quota.meter else None, beside)


def detail_of(team: Team, row: Row, parts: Parts) -> Detail:
    """A row with what was read beside it."""
    found = spenders(parts.moved.models, parts.own, parts.names, is_local=row.quota.is_local)
    other_fits = OtherFits.of(row.key, parts.beside)
    return Detail(row, _curve(team, row, parts), found, fits(row.key, row.strip, parts.moved), other_fits)


def _moved(quota: KeyQuota, since: datetime, day: QuotaDay, now: datetime) -> Steps[Moved]:
    """What was used since some day began: as the provider told it, else what raxdash ran."""
    if not quota.is_local:
        return (yield from reading_moved(quota.meter, since, day))
    ran = yield from reading_own_steps([quota.key], since, now)
    return Moved(ran.get(quota.key.pk, ()), {})


def _own(quota: KeyQuota, now: datetime) -> Steps[tuple[list[Own], dict[int, str]]]:
    """What raxdash itself ran today, as far as the provider has told it."""
    until = now if quota.is_local or quota.as_of is None else quota.as_of
    keys = keys_of(quota.key, None if quota.is_local else quota.meter)
    return reading_own(keys, quota.today.starts_at, until)


def _today(quota: KeyQuota) -> Mapping[int, GoingOn]:
    """The quota day as a span to be foreseen."""
    if quota.meter is None or quota.is_local or quota.today.used.is_unknown:
        return {}
    today = quota.today
    return {quota.meter.pk: GoingOn(today.starts_at, today.resets_at, today.used.certain)}


def _curve(team: Team, row: Row, parts: Parts) -> Curve | None:
    """The curve of the quota day; None where nothing is known of it."""
    quota, day = row.quota, quota_day(row.now, team.quota_zone)
    # What raxdash itself ran is known up to now.
    until = row.now if quota.is_local else quota.as_of
    if quota.today.used.is_unknown or until is None:
        return None
    used = sums(parts.moved.within(day), day, until, quota.watched_since)
    foreseen = parts.foreseen or row.foreseen
    is_of_day = parts.foreseen is not None or row.limit.is_day
    expected = foreseen.forecast if foreseen and is_of_day else None
    usual = usual_day(foreseen.history, day) if foreseen else ()
    return Curve(
        day,
        team.zone,
        used,
        quota.today.limit,
        expected if isinstance(expected, Forecast) else None,
        usual,
        quota.today.exhausted_at if quota.today.left else None,
    )
