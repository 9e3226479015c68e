"""Records as JSON, spelt as programs get them from us everywhere."""

from collections.abc import Iterator
from typing import Any

import orjson

from usage.claims import Amount
from usage.explore.report import Report
from usage.exports.cells import unit_of
from usage.exports.compared import Partner, Partners
from usage.exports.parts import Part
from usage.exports.records import Record, Records


def pieces(records: Records, part: Part) -> Iterator[str]:
    """A file piece by piece: one object, whose "rows" come last."""
    head = told(records) | {"part": part.number, "parts": part.count}
    yield f'{text(head)[:-1]},"rows":['
    for first, last in part.slices():
        rows = ",\n".join(text(as_json(record, records)) for record in records.between(first, last))
        yield f"{',' if first > part.first else ''}\n{rows}"
    yield "\n]}\n"


def told(records: Records) -> dict[str, Any]:
    """What is to be said of all of them: the question, its time, what it is counted in and comes to, and what
    had to be changed or is left out, in sentences.
    """
    report = records.report
    as_of = report.numbers.as_of
    total, others = report.totals[report.metric], records.partners
    return {
        "as_of": as_of.isoformat() if as_of else None,
        "question": report.query.address(),
        "title": f"{report.metric_label} by {report.controls.by_words.lower()}, {report.span_label}",
        "zone": report.span.zone.key,
        "start": report.span.start.astimezone(report.span.zone).isoformat(),
        "end": report.span.end.astimezone(report.span.zone).isoformat(),
        "step": str(report.span.step),
        "measure": str(report.query.measure),
        "unit": unit_of(records),
        "by": [str(one) for one in records.by],
        "total": said(total),
        **({"compared": compared_of(others)} if others else {}),
        "notes": [*sentences_of(report), *filter(None, [others.note if others else ""])],
    }


def compared_of(others: Partners) -> dict[str, Any]:
    """The time that is compared with, and what was used in it."""
    start, end = others.span
    return {"start": start.isoformat(), "end": end.isoformat(), "total": said(others.total)}


def sentences_of(report: Report) -> list[str]:
    """What had to be changed to answer, and what the total leaves out or counts twice, in sentences."""
    is_cost = report.cost is not None and bool(report.numbers.unit.currency)
    cost = f"{report.cost.label}: {report.cost.note}." if is_cost and report.cost and report.cost.note else ""
    overlaps = "A key may have several labels: what it used counts in each of them." * report.numbers.overlaps
    return list(filter(None, (report.problem, report.local, report.cut, report.omission, cost, overlaps)))


def as_json(record: Record, records: Records) -> dict[str, Any]:
    """One record; what is not known is null."""
    values = zip(records.by, record.values, strict=True)
    row = {
        "start": record.start.isoformat(),
        "end": record.end.isoformat() if record.end else None,
        **{str(one): {"id": value.id, "name": value.name} for one, value in values},
        **said(record.amount),
        "quality": record.quality,
    }
    if record.note:
        row["note"] = record.note
    if record.is_stretch:
        row["stretch"] = True
    if records.partners:
        row["compared"] = partner(record.partner)
    return row


def partner(other: Partner | None) -> dict[str, Any] | None:
    """What a record is compared with; null where that is nothing."""
    if other is None:
        return None
    return {"start": other.start.isoformat(), "end": other.end.isoformat(), **said(other.amount)}


def said(amount: Amount) -> dict[str, Any]:
    """An amount: money as a text of all its digits, all else as a number; "quality" says how far it is known.
    Up to "up_to_more" may have been used beside it.
    """
    found = {"amount": None if amount.drawn is None else amount.unit.told(amount.certain)}
    more = {"up_to_more": amount.unit.told(amount.more)} if amount.more else {}
    return {**found, "quality": str(amount.sureness), **more}


def text(value: Any) -> str:
    """A value as JSON."""
    return orjson.dumps(value).decode()
