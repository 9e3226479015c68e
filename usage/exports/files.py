"""Files of a question: which kinds there are, what they are called, and how one is sent while it is made."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from usage.exports import csv_text, json_text
from usage.exports.parts import Part
from usage.exports.records import Records


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is made while it is sent: its type, and its pieces."""

    content_type: str
    pieces: Callable[[Records, Part], Iterator[str]]


# By the ends of their names, but for the mark of the encoding, which is by choice.
KINDS = {
    "csv": Kind("text/csv; charset=utf-8", lambda *of: csv_text.pieces(*of, is_marked=False)),
    "json": Kind("application/json", json_text.pieces),
}
MARKED = Kind("text/csv; charset=utf-8", lambda *of: csv_text.pieces(*of, is_marked=True))


def name_of(records: Records, part: Part, ending: str) -> str:
    """`usage-acme-2026-11-01-2026-11-27.csv`, with the number of the part where there are several."""
    report = records.report
    first, last = report.days
    days = f"{first:%Y-%m-%d}-{last:%Y-%m-%d}"
    number = "" if part.is_whole else f"-part-{part.number}-of-{part.count}"
    return f"usage-{report.team.slug}-{days}{number}.{ending}"


def streamed(kind: Kind, records: Records, part: Part, name: str) -> StreamingHttpResponse:
    """The answer with a file, which is made as fast as it is taken."""
    response = StreamingHttpResponse(sent(kind.pieces(records, part)), content_type=kind.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


async def sent(pieces: Iterator[str]) -> AsyncIterator[str]:
    """The pieces, each made beside the loop that sends it."""
    while piece := await sync_to_async(_next)(pieces):
        yield piece


def _next(pieces: Iterator[str]) -> str:
    return next(pieces, "")
