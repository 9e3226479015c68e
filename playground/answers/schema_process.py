"""Hold JSON against a schema, in a process of its own: started as a script, it reads and writes one object.

A schema may name itself so often that no time would be enough, or so deeply that a process dies of it: this
one may use a few seconds and some memory. It imports nothing of ours.
"""

import contextlib
import json
import resource
import sys
from decimal import Decimal
from itertools import islice
from typing import Any, NoReturn

import jsonschema_rs

CPU_SECONDS = 3
MEMORY_BYTES = 1024**3
MOST_ERRORS = 50
MESSAGE_CHARS = 500
# Where a request, and what is copied from one, holds its schema, from the outside in.
AROUND = ("response_format", "json_schema", "schema")
# The names that say something of values, of all drafts. Others are no mistake, and check nothing.
CHECKING = {
    *("$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if"),
    *("type", "enum", "const", "format", "pattern", "minLength", "maxLength"),
    *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames"),
    *("required", "minProperties", "maxProperties", "dependencies", "dependentSchemas", "dependentRequired"),
    *("items", "prefixItems", "additionalItems", "unevaluatedItems", "minItems", "maxItems", "uniqueItems"),
    *("contains", "minContains", "maxContains"),
    *("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}


def main() -> None:
    """Answer what stands on the standard input."""
    limits = {resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CORE: 0}
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(limit, (most, most))
    asked = json.load(sys.stdin)
    json.dump(checked(asked["schema"], asked["text"]), sys.stdout)


def checked(schema: str, text: str) -> dict[str, Any]:
    """Return what is wrong with a text: `errors`, each with its `path`; or why nothing was checked."""
    fetched: list[str] = []
    wanted = within(read(schema))
    if isinstance(wanted, dict) and wanted and not checks_something(wanted):
        return {"nothing": [shortened(name) for name in islice(wanted, 3)]}

    def refuse(uri: str) -> NoReturn:
        fetched.append(uri)
        raise ValueError("Nothing is fetched.")

    try:
        validator = jsonschema_rs.validator_for(
            wanted, retriever=refuse, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        if fetched:
            return {"remote": shortened(fetched[0])}
        path = list(getattr(error, "instance_path", []))
        return {"schema": shortened(getattr(error, "message", str(error))), "path": path}
    try:
        found = list(islice(validator.iter_errors(read(text)), MOST_ERRORS + 1))
    except UnicodeEncodeError:
        return {"schema": "the answer holds half a character", "path": []}
    errors = [{"message": shortened(one.message), "path": one.instance_path} for one in found[:MOST_ERRORS]]
    return {"errors": errors, "has_more": len(found) > MOST_ERRORS}


def within(schema: Any) -> Any:
    """Return the schema that stands in what was pasted: a request's `response_format`, or a part of it."""
    while isinstance(schema, dict) and not checks_something(schema):
        inner = next((schema[name] for name in AROUND if isinstance(schema.get(name), dict)), None)
        if inner is None:
            break
        schema = inner
    return schema


def checks_something(schema: dict[str, Any]) -> bool:
    """Tell whether an object holds anything against values."""
    return schema.get("type") != "json_schema" and not CHECKING.isdisjoint(schema)


def read(text: str) -> Any:
    """Return the value of a JSON text; numbers beyond a float's range stay what they are."""
    return json.loads(text, parse_float=read_decimal)


def read_decimal(digits: str) -> float | Decimal:
    """Return a number with a fraction or an exponent."""
    number = float(digits)
    return Decimal(digits) if number in {float("inf"), float("-inf")} else number


def shortened(message: str) -> str:
    """Return the beginning of a long message: it may repeat all of the text."""
    return message if len(message) <= MESSAGE_CHARS else f"{message[:MESSAGE_CHARS]}…"


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    main()
