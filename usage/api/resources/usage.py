"""What the team used: one cross-tab of a question, every series of every bucket a row."""

import re
from copy import copy
from datetime import datetime

from teams.models import Team
from usage.api.advice import advice
from usage.api.cursors import INVALID, cursor_of, place_of
from usage.api.frame import Call, Found
from usage.api.parameters import zone_of
from usage.api.problems import Problem
from usage.api.shapes import Json, at, local
from usage.claims import UNKNOWN
from usage.explore.query.dimensions import SeriesId
from usage.explore.query.measures import Measure
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query, sentence
from usage.exports.json_text import as_json, compared_of, said
from usage.exports.records import Record, Records, TooMany, records_of
from usage.ledger.words import microseconds, moment

# One spelling, as on pages.
PARAMETERS = (
    *("measure", "by", "period", "start", "end", "until", "step", "compare", "view", "anchor", "complete"),
    *("attributes", "tz"),
)
MOST_ROWS = 50_000
# What a page would have shown instead is nothing that a program is answered.
INSTEAD = re.compile(r": (?:here|it is|its|the|they are) [^“”;.]*(?=[;.]|$)")

type Parts = dict[str, list[str]]
type Place = list[str | int]


def find(call: Call) -> Found:
    """The rows of the question that a program asks of its team."""
    return rows_of(call, call.parameters.but("limit", "cursor", "tz"))


def is_told_by_polls(call: Call) -> bool:
    """Tell whether an answer stands while the team's numbers do: what raxdash itself ran is told at once."""
    query, _ = read_query(call.parameters.values)
    return not any(one.is_own for one in (*query.by, *(each.dimension for each in query.filters)))


def rows_of(call: Call, parts: Parts) -> Found:
    """The rows of a question, from where the page before ended."""
    query = strictly(parts)
    zone = zone_of(call.parameters, call.access.team.zone)
    team = in_zone(call.access.team, zone.key)
    limit, asked = call.parameters.limit, f"{query.address()}&tz={zone.key}"
    after = place_of(asked, call.parameters.cursor) if call.parameters.cursor else None
    try:
        records = records_of(team, parts, call.now)
    except TooMany as error:
        raise Problem(400, str(error), "question_too_large") from None
    if records is None:
        return Found(body(query, zone.key, None, [], call.now))
    if records.report.problem:
        raise invalid(records.report.problem)
    if len(records) > MOST_ROWS:
        words = f"That is {len(records):,} rows, more than {MOST_ROWS:,}"
        advice = "choose a longer step, fewer days, or a filter."
        raise Problem(400, f"{words}: {advice}", "question_too_large")
    shown, last = page_of(records, after, limit)
    rows = [as_json(record, records) for record in shown]
    found = body(query, zone.key, records, rows, call.now)
    return Found(found, cursor_of(asked, last) if last else "")


def strictly(parts: Parts) -> Query:
    """The question of an address; raises `Problem` where any of it had to be changed."""
    query, problems = read_query(parts)
    if problems:
        raise invalid(" ".join([sentence(problems), *dict.fromkeys(advice(parts))]))
    groups = parts.get("by", [""])[0].split(",")
    if len(groups) > len(query.by):
        raise invalid("A group between commas has no name.")
    return query


def invalid(words: str) -> Problem:
    """Why a question is not answered, from what a page would say that it did instead."""
    return Problem(400, INSTEAD.sub("", words), "question_invalid")


def in_zone(team: Team, name: str) -> Team:
    """The team as it would be with days in another zone: nothing of it is saved."""
    if team.time_zone == name:
        return team
    other = copy(team)
    other.time_zone = name
    return other


def page_of(records: Records, after: Place | None, limit: int) -> tuple[list[Record], Place | None]:
    """So many records after a place, and the place of the last of them where there are more."""
    first = records.number_after(*read_place(after, records)) if after else 0
    found = list(records.between(first, first + limit))
    is_last = not found or first + len(found) >= len(records)
    return found, None if is_last else where(found[-1])


def where(record: Record) -> Place:
    """Where a record stands: its instants in microseconds, whether it is a stretch, its ids."""
    end = -1 if record.end is None else microseconds(record.end)
    return [microseconds(record.start), end, int(record.is_stretch), *(value.id for value in record.values)]


def read_place(place: Place, records: Records) -> tuple[datetime, datetime | None, bool, SeriesId]:
    """The place that a cursor tells, as records know it."""
    try:
        start, end, is_stretch, *ids = place
        instants = moment(int(start)), None if end == -1 else moment(int(end))
    except (ValueError, OverflowError):
        raise Problem(400, INVALID, "cursor_invalid") from None
    if len(ids) != len(records.by) or (instants[1] is None and not records.report.own):
        raise Problem(400, INVALID, "cursor_invalid")
    return *instants, bool(is_stretch), tuple(map(str, ids))


def body(query: Query, zone: str, records: Records | None, rows: list[Json], now: datetime) -> Json:
    """The answer: when its numbers were told, what was asked, and the rows."""
    as_of: datetime | None = None
    if records:
        # What raxdash itself ran is known up to now; in minutes, so that an answer stays the same for one.
        is_own = records.report.numbers.is_own
        as_of = now.replace(second=0, microsecond=0) if is_own else records.report.numbers.as_of
    return {"as_of": at(as_of), "question": question(query, zone, records), "rows": rows}


def question(query: Query, zone: str, records: Records | None) -> Json:
    """The question as it was understood, and the sum of its answer."""
    asked: Json = {"measure": query.measure.value, "by": [one.value for one in query.by], "tz": zone}
    asked["filter"] = {}
    for each in query.filters:
        asked["filter"].setdefault(each.dimension.value, []).extend(each.values)
    if records is None:
        return asked | {"start": None, "end": None, "step": None, "total": said(UNKNOWN)}
    report = records.report
    asked |= {"start": local(report.span.start, zone), "end": local(report.span.end, zone)}
    asked["step"] = report.span.step.value
    if records.partners:
        asked["compare"] = compared_of(records.partners)
    if query.measure == Measure.COST:
        unit = report.sheet.unit
        asked |= {"currency": unit.currency, "is_estimate": unit.is_estimate}
    return asked | {"total": said(report.totals[report.metric])}
