"""Files of a question: which kinds there are, what they are called, and how one is sent while it is made."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from usage.explore.report import Report
from usage.exports import csv_text, json_text
from usage.exports.parts import Part
from usage.exports.records import Records
from usage.exports.sending import counted


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is made while it is sent: its type, and its pieces."""

    content_type: str
    pieces: Callable[[Records, Part], Iterator[str]]


# Between two pieces, for the streams of other people.
PAUSE_SECONDS = 0.005

# By the ends of their names, but for the mark of the encoding, which is by choice.
KINDS = {
    "csv": Kind("text/csv; charset=utf-8", lambda *of: csv_text.pieces(*of, is_marked=False)),
    "json": Kind("application/json", json_text.pieces),
}
MARKED = Kind("text/csv; charset=utf-8", lambda *of: csv_text.pieces(*of, is_marked=True))


def name_of(records: Records, part: Part, ending: str) -> str:
    """`usage-acme-2026-11-01-2026-11-27.csv`, with the number of the part where there are several."""
    number = "" if part.is_whole else f"-part-{part.number}-of-{part.count}"
    return file_name(records.report, ending, number)


def file_name(report: Report, ending: str, number: str = "") -> str:
    """The same of a file that is not in parts. The team is named as in addresses: by plain letters."""
    first, last = report.days
    return f"usage-{report.team.slug}-{first:%Y-%m-%d}-{last:%Y-%m-%d}{number}.{ending}"


def attached(name: str) -> dict[str, str]:
    """The header that has a browser save an answer under a name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def streamed(kind: Kind, records: Records, part: Part, name: str, person: int) -> StreamingHttpResponse:
    """The answer with a file for somebody, which is made as fast as it is taken."""
    pieces = counted(person, sent(kind.pieces(records, part)))
    return StreamingHttpResponse(pieces, content_type=kind.content_type, headers=attached(name))


async def sent(pieces: Iterator[str]) -> AsyncIterator[str]:
    """The pieces, made in the loop that sends them, with pauses: each takes a millisecond. A thread beside
    the loop would keep it waiting several times as long, whenever it asks for its turn.
    """
    yield await sync_to_async(next)(pieces)  # with all that is laid out before the first row
    for piece in pieces:
        yield piece
        await asyncio.sleep(PAUSE_SECONDS)
