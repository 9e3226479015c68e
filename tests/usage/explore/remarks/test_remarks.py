"""Remarks stand in one order, and their numbers stand at the right buckets, whatever they are about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from usage.explore.query.spans import Span, Step
from usage.explore.reading.lapses import Lapse, joined, together
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import BY_MODEL
from usage.explore.remarks.models import changed_models
from usage.explore.remarks.outages import outages
from usage.explore.remarks.remark import Remark, in_order, signs
from usage.explore.remarks.times import Times
from usage.explore.remarks.written import written
from usage.explore.sheet.layout import make_sheet
from usage.explore.sheet.marks import Seen
from usage.ledger import Quality
from usage.models import CatalogueModel, ModelChange, Note

BERLIN = ZoneInfo("Europe/Berlin")
# A week of days in Berlin, in which clocks go back.
START, END = datetime(2026, 10, 21, 22, tzinfo=UTC), datetime(2026, 10, 28, 23, tzinfo=UTC)
WEEK = Span(START, END, Step.DAY, BERLIN)
HOURS = Span(START, START + timedelta(days=1), Step.HOUR, BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUR_LONG = 3_600_000_000


def times(span: Span = WEEK, now: datetime = END) -> Times:
    return Times(span, now)


def remark(start: datetime, end: datetime | None = None, *, is_signed: bool = True) -> Remark:
    return Remark(start, end, f"{start:%d %H}", is_signed=is_signed)


def test_they_are_told_by_time_and_numbered() -> None:
    told = in_order(
        WEEK, [remark(END - HOUR), remark(START + HOUR, is_signed=False), remark(START - DAY, START + HOUR)]
    )
    assert [(each.number, each.lead) for each in told] == [(1, "20 22"), (None, "21 23"), (2, "28 22")]
    assert [(sign.place, sign.sign, sign.text) for sign in signs(WEEK, told)] == [
        (0, "1", "20 22"),
        (6, "2", "28 22"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (START, None, 0),
        (START - HOUR, None, None),
        (START - HOUR, START, None),
        (START - HOUR, START + HOUR, 0),
        # The day of 25 hours is one bucket.
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), None, 3),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), None, 4),
        (END, None, None),
        (END - HOUR, END + DAY, 6),
    ],
)
def test_each_has_its_bucket(start: datetime, end: datetime | None, place: int | None) -> None:
    assert remark(start, end).place(WEEK) == place


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (START, END, "22 – 28 Oct"),
        (START, START + DAY, "22 Oct"),
        (START, START + 40 * DAY + HOUR, "22 Oct – 30 Nov"),
        (START + HOUR, START + 3 * HOUR, "22 Oct, 01:00 – 03:00"),
        (START + HOUR, START + DAY, "22 Oct, 01:00 – 24:00"),
        (START + HOUR, START + DAY + HOUR, "22 Oct, 01:00 – 23 Oct, 01:00"),
        (START - 365 * DAY, START - 364 * DAY, "22 Oct 2025"),
    ],
)
def test_a_time_is_told_by_its_days_or_its_hours(start: datetime, end: datetime, words: str) -> None:
    assert times().between(start, end) == words


def test_a_moment_is_told_as_closely_as_the_bars_are() -> None:
    at = datetime(2026, 10, 22, 12, 5, tzinfo=UTC)
    assert (times().at(at), times(HOURS).at(at)) == ("22 Oct", "22 Oct, 14:05")


def test_neighbouring_buckets_that_were_not_seen_are_one_outage() -> None:
    unseen, half = {Quality.UNKNOWN: 1}, {Quality.UNKNOWN: 1, Quality.MEASURED: 1}
    told = seen_as([half, half, {Quality.MEASURED: 1}, unseen, *[{Quality.MEASURED: 1}] * 19, unseen])
    assert [each.text for each in told] == [
        "22 Oct, 00:00 – 02:00 not seen in part (50 %). What is shown is at least what was used.",
        "22 Oct, 03:00 – 04:00 not seen. Nothing is known of it.",
        "22 Oct, 23:00 – 24:00 not seen. Nothing is known of it.",
    ]


def test_before_anybody_watched_is_no_outage() -> None:
    told = seen_as([{Quality.UNKNOWN: 1}] * 24, since=START + 22 * HOUR + HOUR / 2)
    assert [each.lead for each in told] == ["22 Oct, 22:30 – 24:00 not seen."]


def test_what_of_a_bucket_fell_before_anybody_watched_is_no_part_of_an_outage() -> None:
    half = [{Quality.UNKNOWN: 1, Quality.MEASURED: 1}]
    assert seen_as(half, since=START + HOUR / 2) == []
    (told,) = seen_as(half, since=START + HOUR / 4)
    assert told.lead == "22 Oct, 00:15 – 01:00 not seen in part (33.3 %)."


def test_a_late_poll_is_told_as_one_that_comes() -> None:
    (told,) = seen_as([{Quality.UNKNOWN: 1}], late=True)
    assert (
        told.text
        == "22 Oct, 00:00 – 01:00 not seen yet. Polls were missed; the next one that comes tells it."
    )


def seen_as(
    qualities: Sequence[dict[Quality, int]], since: datetime | None = None, *, late: bool = False
) -> list[Remark]:
    """The outages of a day whose first hours were seen so; the others were seen."""
    shares = [*qualities, *[{Quality.MEASURED: 1}] * (24 - len(qualities))]
    seen = [
        Seen({quality: part * HOUR_LONG // len(hour) for quality, part in hour.items()}, is_late=late)
        for hour in shares
    ]
    sheet = make_sheet(HOURS, BY_MODEL, {("1",): [1] * 24}, seen, Names({}, {}), END)
    return sorted(outages(sheet.rows, since, times(HOURS)), key=lambda each: each.start)


def test_late_polls_are_one_outage_from_when_they_were_late() -> None:
    """The first hour was seen up to 00:20; it is twenty past two."""
    late = [
        Seen({Quality.MEASURED: 20, Quality.UNKNOWN: 40}, is_late=True),
        *[Seen({Quality.UNKNOWN: 60}, is_late=True)] * 2,
    ]
    now = START + 2 * HOUR + HOUR / 3
    sheet = make_sheet(HOURS, BY_MODEL, {("1",): [1] * 24}, [*late, *[Seen({})] * 21], Names({}, {}), now)
    (told,) = outages(sheet.rows, None, times(HOURS, now), late_since=START + HOUR / 3)
    assert told.lead == "22 Oct, 00:20 – 02:20 not seen yet."


def lapse(start: datetime, end: datetime, name: str = "Main key", *, is_summed: bool = False) -> Lapse:
    return Lapse(start, end, sum(map(ord, name)), (name,), is_summed=is_summed)


def lapsed(lapses: Sequence[Lapse], qualities: Sequence[dict[Quality, int]], accounts: int = 3) -> list[str]:
    """What is told of a day whose first hours were seen so, with those lapses."""
    shares = [*qualities, *[{Quality.MEASURED: 1}] * (24 - len(qualities))]
    seen = [Seen({quality: part * HOUR_LONG for quality, part in hour.items()}) for hour in shares]
    sheet = make_sheet(HOURS, BY_MODEL, {("1",): [1] * 24}, seen, Names({}, {}), END)
    told = outages(sheet.rows, None, times(HOURS), lapses, accounts=accounts)
    return [each.text for each in sorted(told, key=lambda each: each.start)]


HALF_SEEN = {Quality.TAIL_UNKNOWN: 1, Quality.MEASURED: 1}
TWO_MINUTES = timedelta(minutes=2)


def test_an_outage_is_told_to_the_minute_with_the_keys_it_is_of() -> None:
    start, end = START + HOUR / 3, START + HOUR
    assert lapsed([lapse(start, end)], [HALF_SEEN]) == [
        "22 Oct, 00:20 – 01:00, Main key: not seen. What is shown is at least what was used."
    ]
    both = [lapse(start, end), lapse(start - TWO_MINUTES, end - TWO_MINUTES, "Second")]
    (told,) = lapsed(both, [HALF_SEEN])
    assert told.startswith("22 Oct, 00:18 – 01:00, Main key and Second: not seen.")
    # Of all of them nobody has to be named.
    assert lapsed(both, [HALF_SEEN], accounts=2)[0].startswith("22 Oct, 00:18 – 01:00 not seen.")


def test_outages_apart_are_told_apart_and_what_nobody_tells_stays_told_by_its_bars() -> None:
    first, second = lapse(START, START + HOUR), lapse(START + 2 * HOUR, START + 2.5 * HOUR, "שני")
    told = lapsed(
        [first, second],
        [HALF_SEEN, {Quality.MEASURED: 1}, HALF_SEEN, *[{Quality.MEASURED: 1}] * 2, HALF_SEEN],
    )
    assert [text.partition(":")[0] for text in told] == ["22 Oct, 00", "22 Oct, 02", "22 Oct, 05"]
    assert "\u2068שני\u2069: not seen." in told[1]
    assert (
        told[2] == "22 Oct, 05:00 – 06:00 not seen in part (50 %). What is shown is at least what was used."
    )


def test_a_long_time_without_polls_is_told_though_its_sum_is_known() -> None:
    gap = lapse(START + HOUR, START + 9 * HOUR, is_summed=True)
    assert lapsed([gap], []) == [
        "22 Oct, 01:00 – 09:00, Main key: not polled. What was used is known, but not when within this time."
    ]


def test_times_that_end_with_the_poll_that_begins_the_next_are_one() -> None:
    gaps = [lapse(START + n * HOUR, START + (n + 2) * HOUR, is_summed=True) for n in (1, 3, 5)]
    assert lapsed(gaps, []) == [
        "22 Oct, 01:00 – 07:00, Main key: seldom polled. "
        "What was used between two polls is known, but not when between them."
    ]


def test_of_very_many_lapses_all_keys_are_told() -> None:
    """They are joined before the longest are taken: the longest may all be of one key."""
    keys = [f"Key {letter}" for letter in "ABCDEFGHIJKLM"]
    gaps = [
        lapse(START + n * HOUR, START + (n + 2) * HOUR, key, is_summed=True) for n in (1, 3) for key in keys
    ]
    (told,) = lapsed([joined(group) for group in together(gaps)], [], accounts=20)
    assert told.startswith("22 Oct, 01:00 – 05:00, Key A, Key M and 11 more: seldom polled.")
    assert told == lapsed(gaps, [], accounts=20)[0].replace("Key B", "Key M")


def test_a_moment_that_no_bar_shows_is_no_outage() -> None:
    assert lapsed([lapse(START + HOUR - TWO_MINUTES, START + HOUR)], []) == []
    assert lapsed([lapse(START, START + timedelta(seconds=20), is_summed=True)], []) == []


def change(
    name: str, kind: ModelChange.Kind = ModelChange.Kind.APPEARED, at: datetime = START, **figure: str
) -> ModelChange:
    model = CatalogueModel(pk=sum(map(ord, name)), name=name)
    return ModelChange(model=model, at=at, kind=kind, **figure)


def changed(*changes: ModelChange) -> list[str]:
    return [each.text for each in changed_models(changes, times(), "/models/")]


def test_a_figure_of_a_model_is_told_as_it_was_and_is() -> None:
    kind = ModelChange.Kind.CHANGED
    told = changed(
        change("rax-4.5", kind, field="context_window", before="8192", after="16384"),
        change("rax-4.5", kind, field="max_tokens", before="", after="4096"),
        change("rax-4.5", kind, field="description", before="An old <b>text", after="Another one"),
        change("rax-4.0", kind, field="owned_by", before="Rax", after="\u202eOthers"),
    )
    assert sorted(told) == [
        "22 Oct, rax-4.0: owned by Rax → Others.",
        "22 Oct, rax-4.5: context window 8,192 → 16,384, max tokens not told → 4,096, another description.",
    ]


def test_models_that_come_or_go_together_are_one_remark() -> None:
    assert changed(
        *(change(f"rax-{number}") for number in range(5)),
        change("rax-7", ModelChange.Kind.DISAPPEARED, START + DAY),
        change("rax-8", ModelChange.Kind.RETURNED, START + DAY),
        change("rax-9", ModelChange.Kind.RETURNED, START + DAY),
    ) == [
        "22 Oct, rax-0, rax-1, rax-2 and 2 more: are offered since then.",
        "23 Oct, rax-7: is no longer offered.",
        "23 Oct, rax-8 and rax-9: are offered again.",
    ]


def test_a_note_says_when_who_and_what() -> None:
    day = Note(starts_at=START, ends_at=START + DAY, author_name="Alice", text="Black Friday\nmailing.")
    moment = Note(starts_at=START, ends_at=START, author_name="שלום", text="Load test.")
    first, second = written([day, moment], times(), None, "period=30d")
    assert first.text == "22 Oct, note by Alice: Black Friday\nmailing."
    assert (first.end, first.links) == (START + DAY, ())
    assert second.text == "22 Oct, 00:00, note by \u2068שלום\u2069: Load test."
    assert second.end is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", "2027-01-26", "will retire on 26 Jan 2027"),
        ("2027-01-01", "2027-01-26", "will retire on 26 Jan 2027, not on 1 Jan 2027"),
        ("2027-01-01", "", "is no longer said to retire"),
    ],
)
def test_a_retirement_is_told_by_its_day(before: str, after: str, words: str) -> None:
    for field in ("retires_on", "typed_retires_on"):
        told = changed(change("rax-4.0", ModelChange.Kind.CHANGED, field=field, before=before, after=after))
        assert told == [f"22 Oct, rax-4.0: {words}."]
