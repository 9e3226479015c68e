"""Frozen pages as rows, for tests that need one."""

from datetime import UTC, datetime
from typing import Any

from teams.models import Team, User
from usage.explore import frozen
from usage.models import FrozenReport

HOUR = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 11, tzinfo=UTC)
NULLS = {"as_of", "figure"}
NOTHING: dict[str, Any] = {
    "question": "",
    "label": "Mon 23 Nov 2026",
    "measure": "Tokens",
    "by": "model",
    "as_of": None,
    "stats": [["Tokens", "", "0", True]],
    "filters": [],
    "says": [],
    "claim": "",
    "matches": False,
    "measured": "",
    "figure": None,
    "description": "",
    "legend": [],
    "kinds": [],
    "compared": "",
    "remarks": [],
    "heads": ["Model", "Tokens", "Requests", "Tokens a request"],
    "rows": [],
    "more": 0,
    "total": ["0", "0", "–"],
    "sheet": {
        "by": ["model"],
        "measure": "tokens",
        "unit": ["tokens", False],
        "columns": [["rax-4.0"]],
        "lines": [[*(at.isoformat() for at in HOUR), "", False, [[0, "known", None]]]],
    },
}


def make_frozen(team: Team, author: User | None, **parts: Any) -> FrozenReport:
    """Save a page of nothing, with some parts of it changed; one that is None is not there."""
    page = {name: part for name, part in (NOTHING | parts).items() if part is not None or name in NULLS}
    return frozen.freeze(team, "Tokens by model, Mon 23 Nov 2026", HOUR, HOUR[1], page, author)
