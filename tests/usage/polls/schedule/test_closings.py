"""When a meter is looked at around the end of a billing period or quota day."""

from datetime import UTC, datetime, timedelta

import pytest

from usage.polls.schedule.closings import CROWD, SPREAD, End, first_after, near, place, standing_end

END = datetime(2026, 12, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NO_TIME = timedelta()
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def instants(end, spread=NO_TIME):
    """All closing instants of an end, in seconds after it, each asked for when the one before is over."""
    asked, found = END - 300 * SECOND, []
    while at := first_after(asked, [end], spread):
        found.append((at - END).total_seconds())
        asked = at
    return found


def test_an_end_is_looked_at_just_before_and_just_after():
    assert instants(End(END)) == [-2, 1]


def test_a_provider_that_goes_on_telling_the_old_period_is_asked_again_and_then_left_alone():
    assert instants(End(END, lingers=True)) == [-2, 1, 15, 30, 60]


def test_who_stands_in_a_crowd_is_asked_at_its_own_place():
    assert instants(End(END, lingers=True), 4 * SECOND) == [-6, 5, 19, 34, 64]
    places = {place(f"key-{number}") for number in range(CROWD)}
    assert min(places) >= NO_TIME
    assert SPREAD * 0.9 < max(places) < SPREAD


def test_a_poll_a_moment_early_is_not_repeated():
    assert first_after(END - 2.4 * SECOND, [End(END)], NO_TIME) == END + SECOND


def test_the_first_of_several_ends_counts():
    day = End(END - 3 * SECOND)
    assert first_after(END - 60 * SECOND, [End(END), day], NO_TIME) == day.at - 2 * SECOND


def test_an_end_is_near_from_the_poll_before_it_until_the_last_one_after_it():
    seconds = (-60, 0, 300, 320)
    ends = [End(END + second * SECOND) for second in seconds]
    assert near(ends, END, END + 300 * SECOND) == ends
    assert near([End(END - 71 * SECOND), End(END + 323 * SECOND)], END, END + 300 * SECOND) == []


@pytest.mark.parametrize("absurd", [FIRST, LAST])
def test_an_absurd_end_is_never_near(absurd):
    assert near([End(absurd, lingers=True)], END, END + 300 * SECOND) == []


class TestAnEndThatStandsStill:
    def test_it_is_what_the_first_answer_told(self):
        assert standing_end(END, None, goes_on=False) == END

    def test_it_is_what_was_told_before(self):
        assert standing_end(END, END, goes_on=True) == END
        assert standing_end(None, END, goes_on=True) == END

    def test_it_is_the_largest_that_was_told(self):
        assert standing_end(END - 40 * SECOND, END, goes_on=True) == END

    def test_there_is_none_where_each_answer_tells_another(self):
        assert standing_end(END, END - SECOND, goes_on=False) is None
        assert standing_end(END, END - 30 * SECOND, goes_on=True) is None

    def test_there_is_none_where_none_was_told(self):
        assert standing_end(None, None, goes_on=True) is None
        assert standing_end(None, END, goes_on=False) is None
