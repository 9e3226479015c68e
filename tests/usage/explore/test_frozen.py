"""A frozen report reads the same for ever; what changed later is a difference."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from teams.models import Team
from tests.usage.books.test_ingest import answer_of, steady
from tests.usage.stored import make_meter
from tests.usage.worlds import START, answers
from usage.books.ingest import store
from usage.explore import frozen
from usage.explore.reading import numbers
from usage.ledger.words import moment
from usage.models import FrozenReport, Meter

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
FIRST = moment(START).replace(minute=0, second=0) - HOUR
EDGES = [FIRST + number * HOUR for number in range(26)]
serial = itertools.count()


@pytest.fixture
def meter(team):
    return make_meter(team)


def sums(team, metric="tokens", by=numbers.BY_MODEL):
    """{(name, begin, end): amount} of buckets and of longer stretches as the ledger reads now."""
    found = numbers.read(team, EDGES, metric, by, moment(START) + 48 * HOUR, most=None)
    parts: Counter[tuple[str, str, str]] = Counter()
    for series, amounts in found.amounts.items():
        name = found.names.of_series(by, series)
        for (start, end), amount in zip(itertools.pairwise(EDGES), amounts, strict=True):
            parts[name, start.isoformat(), end.isoformat()] += amount
    for block in found.blocks:
        for series, amount in block.amounts.items():
            name = found.names.of_series(by, series)
            parts[name, moment(block.start).isoformat(), moment(block.end).isoformat()] += amount
    return Counter({place: amount for place, amount in parts.items() if amount})


@hypothesis(max_examples=12)
@given(
    st.lists(answers(), min_size=1, max_size=8, unique_by=lambda poll: poll.asked),
    st.lists(answers(), min_size=1, max_size=8, unique_by=lambda poll: poll.asked),
)
def test_whatever_comes_later_the_text_stays_and_the_difference_is_exact(before, after):
    team = Team.objects.create(name="Acme", slug=f"frozen-{next(serial)}")
    meter = make_meter(team)
    store(answer_of(poll, meter) for poll in before)
    then = sums(team)
    report = frozen.freeze(team, "May", EDGES, moment(START) + 48 * HOUR)
    text, contents = report.numbers, frozen.contents(report)
    store(answer_of(poll, meter) for poll in after)
    report = FrozenReport.objects.get(pk=report.pk)
    assert (report.numbers, frozen.contents(report)) == (text, contents)
    changes = [
        change
        for change in frozen.differences(report)
        if (change.metric, change.group) == ("tokens", "model")
    ]
    mended = dict(then)
    for change in changes:
        place = change.name, change.start, change.end
        assert then.get(place, 0) == change.before
        mended[place] = change.after
    assert {place: amount for place, amount in mended.items() if amount} == sums(team)


def test_nothing_new_is_no_difference(team, meter):
    store([steady(meter, 1, 500)])
    report = frozen.freeze(team, "May", EDGES)
    assert frozen.differences(report) == []
    Team.objects.update(generation=99)
    assert frozen.differences(report) == []


def test_a_late_poll_is_shown_where_it_changed_a_bar(team, meter):
    store([steady(meter, 1, 500), steady(meter, 25, 2_900)])
    report = frozen.freeze(team, "May", EDGES)
    store([steady(meter, 13, 2_800)])
    changes = [one for one in frozen.differences(report) if one.metric == "tokens"]
    assert {one.group for one in changes} == {"model", "key"}
    assert sum(one.after - one.before for one in changes) == 0
    assert any(one.after > one.before for one in changes)


def test_a_meter_that_is_deleted_leaves_the_report(team, meter):
    store([steady(meter, 1, 500)])
    report = frozen.freeze(team, "May", EDGES)
    kept = frozen.contents(report)["amounts"]["tokens"]["key"]
    assert [sum(amounts) for amounts in kept.values()] == [500]
    Meter.objects.all().delete()
    report.refresh_from_db()
    assert frozen.contents(report)["amounts"]["tokens"]["key"] == kept


def test_a_text_that_was_changed_is_refused(team, meter):
    report = frozen.freeze(team, "May", EDGES)
    report.numbers = report.numbers.replace("UTC", "GMT")
    with pytest.raises(frozen.Tampered):
        frozen.contents(report)


def test_a_report_of_before_stretches_reads_the_same_and_says_what_changed(team, meter):
    store([steady(meter, 1, 500), steady(meter, 1 + 8 * 12, 2_900)])
    report = frozen.freeze(team, "May", EDGES)
    old = frozen.contents(report)
    assert old["stretches"]["tokens"]["model"]
    # As it was frozen when every hour had a part of it.
    del old["stretches"]
    report.numbers = frozen.canonical(old)
    report.digest = frozen.digest(report.numbers)
    report.save()
    Team.objects.update(generation=99)
    report = FrozenReport.objects.get(pk=report.pk)
    assert frozen.contents(report) == old
    changes = [one for one in frozen.differences(report) if (one.metric, one.group) == ("tokens", "key")]
    assert [(one.before, one.after) for one in changes] == [(0, 2_400)]
