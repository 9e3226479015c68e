"""Hold the JSON of an answer against a schema that somebody pasted, whatever that schema is."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.text.json_answers import read_json
from playground.text.json_reading import shortened

SCRIPT = Path(__file__).with_name("schema_process.py")
MOST_CHARS = 100_000
# Its own limits end the process much earlier.
LONGEST_SECONDS = 10.0
# So many are checked at a time, in threads of their own; others wait, and more than so many are sent away.
AT_ONCE, MOST_WAITING = 2, 10

EMPTY = "Paste a JSON Schema."
TOO_LONG = f"A schema may have {MOST_CHARS:,} characters."
NOT_CHECKED = (
    "The schema could not be checked: it takes too much time or memory, or refers to itself too often."
)
BUSY = "Other schemas are being checked. Try again in a moment."
REMOTE = (
    "The schema refers to “{}”, which is not in it. Nothing is fetched: write what it needs into the schema "
    "itself, below “$defs”."
)
EXPRESSION = (
    "{} is no regular expression that can be used here: they run in linear time, within bounds, without "
    "look-around and back-references."
)
NOTHING = (
    "This checks nothing: JSON Schema has no “{}”, so that everything would fit. A schema has names such as "
    "“type”, “properties” or “required”."
)
NO_EXPRESSION = ' is not a "regex"'


@dataclass(frozen=True, slots=True)
class SchemaError:
    """What the schema says of one value, and where that stands."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a schema says of an answer; `problem` where it could not be asked."""

    schema: str
    problem: str = ""
    errors: tuple[SchemaError, ...] = ()
    has_more: bool = False

    @property
    def fits(self) -> bool:
        """Whether the answer is as the schema says."""
        return not (self.problem or self.errors)


class Checks:
    """The checks of this process, a few at a time."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="playground-schemas")
        self._waiting = 0

    async def check(self, schema: str, text: str) -> Verdict:
        """Hold a JSON text against a schema, unless too many are held already."""
        if self._waiting >= MOST_WAITING:
            return Verdict(schema, BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, check, schema, text)
        finally:
            self._waiting -= 1


def check(schema: str, text: str) -> Verdict:
    """Hold a JSON text against a schema."""
    if problem := problem_of(schema):
        return Verdict(schema, problem)
    said = ask(schema, text)
    return verdict(schema, said) if said else Verdict(schema, NOT_CHECKED)


def problem_of(schema: str) -> str:
    """Return why a text is no schema, as far as that shows without a validator."""
    if not schema.strip():
        return EMPTY
    if len(schema) > MOST_CHARS:
        return TOO_LONG
    problem, _, _ = read_json(schema)
    return f"The schema is not JSON. {problem}" if problem else ""


def ask(schema: str, text: str) -> dict[str, Any] | None:
    """Return what the process says that holds a text against a schema; None where it died of that."""
    command = [sys.executable, "-I", str(SCRIPT)]
    asked = json.dumps({"schema": schema, "text": text})
    try:
        done = subprocess.run(  # noqa: S603  our own script
            command,
            input=asked,
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout) if done.returncode == 0 else None


def verdict(schema: str, said: dict[str, Any]) -> Verdict:
    """Return a verdict in the words of its readers."""
    if remote := said.get("remote"):
        return Verdict(schema, REMOTE.format(remote))
    if nothing := said.get("nothing"):
        return Verdict(schema, NOTHING.format("”, “".join(nothing)))
    if problem := said.get("schema"):
        words = (
            EXPRESSION.format(problem.removesuffix(NO_EXPRESSION)) if NO_EXPRESSION in problem else problem
        )
        place = place_of(said["path"])
        return Verdict(
            schema, f"The schema is none that can be used{f', at {place}' if place else ''}: {words}"
        )
    errors = tuple(SchemaError(place_of(one["path"]), one["message"]) for one in said["errors"])
    return Verdict(schema, errors=errors, has_more=said["has_more"])


def place_of(path: Iterable[str | int]) -> str:
    """Return where a value stands, as programs write that: `lines[0].price`; empty for the whole."""
    place = ""
    for step in path:
        if isinstance(step, int):
            place += f"[{step}]"
        elif step.isidentifier():
            place += f".{step}"
        else:
            place += f"[{json.dumps(shortened(step), ensure_ascii=False)}]"
    return place.removeprefix(".")


checks = Checks()
