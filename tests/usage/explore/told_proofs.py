"""Of worlds of every kind the proof says what the independent model says: of periods and of answers."""

from django.db.models import Q

from common.lists import ListAddress
from tests.usage.books.told_worlds import Told
from tests.usage.reference import answers as reference
from tests.usage.reference.answers import REQUESTS, TOKENS
from tests.usage.reference.periods import as_told
from tests.usage.reference.reading import read
from usage.explore.proof import answers
from usage.explore.proof.periods import Asked, proven_periods
from usage.ledger.words import moment
from usage.models import Meter, RawPoll

YEAR = 400 * reference.DAY
COUNTING = {reference.BELIEVED, reference.CORRECTED}
REMARKS = {
    reference.WAITING: {answers.WAITING},
    reference.GLITCH: {answers.CAME_BACK, answers.ENDED},
    reference.STALE: {answers.OLDER},
    reference.REPEATED: {answers.SAME_INSTANT},
    reference.TOO_LARGE: {answers.TOO_MUCH, "It counts more than can be added up."},
}


def assert_proven_answers(told: Told) -> None:
    """Each stored answer counts, or does not, for the model's reason."""
    reasons: dict[object, set[str]] = {}
    for answer, reason in told.ledger.reasons:
        reasons.setdefault(answer, set()).add(reason)
    given = told.world.answers()
    listed = answers.judged(
        Meter.objects.get(pk=told.meter.pk), list(RawPoll.objects.filter(meter=told.meter))
    )
    assert listed
    for each in listed:
        known = read([given[each.poll.slot]])
        if not known or given.count(given[each.poll.slot]) > 1:
            continue
        for reason in reasons[known[0]]:
            if reason in REMARKS:
                assert (each.counts, each.remark in REMARKS[reason]) == (False, True), (reason, each)
            else:
                assert each.counts == (reason in COUNTING), (reason, each)


def assert_proven_periods(told: Told) -> None:
    """What was told of each period, what is shown, whether that is all, and what was told too late."""
    lines = told.ledger.lines
    known = [one for one in as_told(told.ledger.periods) if one.starts > told.world.watched()[0] - YEAR]
    start, end = min(one.starts for one in known), told.now + 1
    for metric in (TOKENS, REQUESTS):
        asked = Asked(told.team, moment(start), moment(end), moment(told.now), metric, Q(), {}, None)
        page = proven_periods(asked, ListAddress({}), "")
        expected = sorted(known, key=lambda one: -one.starts)[: len(page.object_list)]
        for found, period in zip(page.object_list, expected, strict=True):
            assert found.told == period.told.get(metric, 0)
            if found.shown is not None and not period.inexact:
                assert found.shown == lines[metric].total(period.starts, min(period.ends, told.now))
            assert bool(found.known.tail) == bool(period.tails)
            is_bound = bool(period.tails) or period.inexact or period.moved_in
            assert (found.known.is_lower_bound or found.known.is_late) >= is_bound
            if (late := period.told_late.get(metric, 0)) > period.told.get(metric, 0):
                assert found.known.told_late == late
