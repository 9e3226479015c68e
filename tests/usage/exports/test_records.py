"""The records of random questions are the numbers of the page, and those of an independent computation."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from tests.cast import Cast, make_key
from tests.usage.explore import companies
from tests.usage.explore.companies import Company
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.exports.asking import Question, drawn_question
from tests.usage.polled import make_meter, poll
from usage.claims import Sureness
from usage.explore.query.dimensions import SeriesId, series_text
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.marks import Mark
from usage.explore.sheet.tables import Row
from usage.exports import records
from usage.exports.records import Records, TooMany, records_of

pytestmark = pytest.mark.django_db

HALF, SECOND, QUARTER = timedelta(milliseconds=500), timedelta(seconds=1), timedelta(minutes=15)
ON_THE_10TH = PERIOD[0] + timedelta(days=9), PERIOD[1] + timedelta(days=9)


def told(company: Company, question: Question) -> Records:
    found = records_of(company.team, question.parts, company.now)
    assert found is not None
    return found


def assert_computed(company: Company, question: Question, found: Records) -> None:
    """By series and in all they come to what is computed of the model alone."""
    answer = question.expected(company)
    sums: Counter[SeriesId] = Counter()
    more: Counter[SeriesId] = Counter()
    for record in found:
        series = tuple(value.id for value in record.values)
        sums[series] += record.amount.certain
        more[series] += record.amount.more
    assert {one: amount for one, amount in sums.items() if amount} == {
        one: amount for one, amount in answer.sums.items() if amount
    }
    if not found.report.numbers.overlaps:
        assert (sums.total(), more.total()) == (answer.total, answer.more)


def assert_as_drawn(company: Company, question: Question, found: Records) -> None:
    """Each bar of the page that is of one series is a record, as sure as it is."""
    page, at = question.page(company), {}
    for record in found:
        at[record.start, record.end, record.is_stretch, tuple(one.id for one in record.values)] = record
    for number, column in enumerate(page.sheet.columns):
        lines: list[Row | BlockRow] = [*page.sheet.rows, *page.sheet.blocks]
        for line in lines if not column.is_rest else ():
            if line.mark == Mark.TO_COME or (line.is_block and question.joins_blocks(page)):
                continue
            record = at[line.start, line.end, line.is_block, column.series]
            assert (record.amount, record.note) == (line.amounts[number], str(line.mark))
    assert sum(1 for line in page.sheet.rows if line.mark != Mark.TO_COME) * len(found.series) == sum(
        not record.is_stretch for record in found
    )


def assert_in_pieces(found: Records, dice: Random) -> None:
    """Any part of them is that part of all."""
    everything = list(found)
    assert len(everything) == len(found)
    cut, end = sorted(dice.randint(0, len(found)) for _ in range(2))
    assert list(found.between(cut, end)) == everything[cut:end]


def test_they_are_the_numbers_of_the_page_whatever_is_asked() -> None:
    for company in companies.found(range(731, 733)):
        for number in range(15):
            dice = Random(f"records {company.number} {number}")
            question = drawn_question(company, dice)
            try:
                found = told(company, question)
                assert_computed(company, question, found)
                assert_as_drawn(company, question, found)
                assert_in_pieces(found, dice)
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {number}") from broken


def test_what_the_page_hides_is_in_no_record() -> None:
    (company,) = companies.found([735])
    dice = Random(7)
    question = drawn_question(company, dice)
    while len(question.page(company).sheet.columns) < 2:
        question = drawn_question(company, dice)
    column = question.page(company).sheet.columns[0]
    hidden = told(company, question.changed(hidden=(series_text(column.series),)))
    assert column.series not in hidden.series
    assert {*hidden.series, column.series} == set(told(company, question).series)


@pytest.fixture
def watched(cast: Cast) -> Cast:
    meter = make_meter(cast.key, NOON)
    for place, tokens in enumerate((1_000, 1_000, 1_600)):
        at = NOON - SECOND - (2 - place) * QUARTER
        poll(meter, at, {"rax-4.0": (tokens, tokens // 100)}, *PERIOD)
    return cast


def test_known_nothing_is_zero_and_what_nobody_saw_is_no_number(watched: Cast) -> None:
    asked = {"start": ["2026-10-30"], "end": ["2026-11-23"], "step": ["15min"]}
    found = records_of(watched.team, asked, NOON)
    at = {record.start: record for record in found if not record.is_stretch}
    assert str(at[NOON - 2 * QUARTER].amount) == "0"
    assert str(at[NOON - QUARTER].amount) == "600"
    unseen = at[PERIOD[0] - QUARTER]
    assert (unseen.amount.sureness, unseen.note) == (Sureness.UNKNOWN, "nothing was seen")
    (stretch,) = [record for record in found if record.is_stretch]
    assert (stretch.amount.certain, stretch.note) == (1_000, "before raxdash watched, spread unknown")


def test_each_keys_own_period_is_a_record_of_its_account(cast: Cast) -> None:
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (1_000, 10)}, *PERIOD)
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    poll(other, NOON - HALF, {"rax-4.0": (234, 2)}, *ON_THE_10TH)
    found = records_of(cast.team, {"period": ["billing"]}, NOON)
    assert [(r.values[0].name, r.amount.certain, f"{r.start:%d.%m.}") for r in found] == [
        ("Second", 234, "10.11."),
        ("Main key", 1_000, "01.11."),
    ]


def test_more_than_can_be_told_at_once_is_refused_in_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = {f"model-{number}": (10 * number + 10, 1) for number in range(60)}
    poll(make_meter(cast.key, NOON), NOON - HALF, models, *PERIOD)
    monkeypatch.setattr(records, "MOST_CELLS", 1_000)
    with pytest.raises(TooMany, match="choose a longer step, fewer days, or a filter"):
        records_of(cast.team, {"period": ["month"], "step": ["hour"]}, NOON)


def test_a_team_without_numbers_has_no_records(cast: Cast) -> None:
    assert records_of(cast.team, {}, NOON) is None


def test_names_are_those_of_today_and_ids_those_of_filters(watched: Cast) -> None:
    found = records_of(watched.team, {"by": ["key,model"], "period": ["today"]}, NOON)
    record = next(iter(found))
    assert record.values[0] == (str(watched.key.pk), "Main key")
    assert record.values[1].name == "rax-4.0"
    kept = {"by": ["key,model"], "period": ["today"], "filter.model": [record.values[1].id]}
    assert len(records_of(watched.team, kept, NOON)) == len(found)


def test_it_asks_as_many_queries_for_many_keys_as_for_one(
    watched: Cast, django_assert_max_num_queries
) -> None:
    for number in range(20):
        key = make_key(watched.team, watched.alice, f"Key {number}")
        poll(make_meter(key, NOON), NOON - HALF, {"rax-4.0": (10, 1)}, *PERIOD)
    with django_assert_max_num_queries(9):
        found = records_of(watched.team, {"by": ["key"], "period": ["7d"]}, NOON)
        assert len(list(found)) >= 7 * 21
