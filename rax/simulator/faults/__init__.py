"""Faults that can be switched on per request or for all; see `registry` for how, and for adding one."""

from rax.simulator.faults import answers as answers
from rax.simulator.faults import headers as headers
from rax.simulator.faults import oddities as oddities
from rax.simulator.faults import streams as streams
from rax.simulator.faults import words as words
from rax.simulator.faults.registry import (
    REGISTRY,
    ConnectionCutError,
    Fault,
    Wish,
    for_route,
    marked_in,
    marks_of,
    on_answer,
    on_headers,
    on_json,
    on_stream,
    parse_wishes,
)

__all__ = [
    "REGISTRY",
    "ConnectionCutError",
    "Fault",
    "Wish",
    "for_route",
    "marked_in",
    "marks_of",
    "on_answer",
    "on_headers",
    "on_json",
    "on_stream",
    "parse_wishes",
]
