"""What an address asks, read strictly: a program is told what is wrong, and never answered something else."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from common.zones import zone_names
from teams.models.tokens import BEGINS
from usage.api.problems import Problem
from usage.explore.query.reader import quoted

LONGEST_ADDRESS, MOST_PARAMETERS = 8_000, 500
LIMIT, CURSOR = "limit", "cursor"
PER_PAGE, MOST_PER_PAGE = 500, 5_000
# How people send tokens elsewhere.
SECRETS = {"token", "access_token", "api_key", "apikey", "auth_token", "authorization", "bearer"}
NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of an address by name, of each one value or more, in their order."""

    values: dict[str, list[str]]

    def last(self, name: str) -> str:
        """The value of a parameter that comes once; empty where it does not come."""
        return self.values.get(name, [""])[-1]

    def but(self, *names: str) -> dict[str, list[str]]:
        """All but some of them."""
        return {name: values for name, values in self.values.items() if name not in names}

    @property
    def limit(self) -> int:
        """How many rows a page has at most."""
        text = self.last(LIMIT)
        if LIMIT not in self.values:
            return PER_PAGE
        if not NUMBER.fullmatch(text) or int(text) > MOST_PER_PAGE:
            words = f"limit is a whole number from 1 to {MOST_PER_PAGE}."
            raise Problem(400, words, "parameter_invalid")
        return int(text)

    @property
    def cursor(self) -> str:
        """Where the page before ended; empty for the first page."""
        return self.last(CURSOR)


def zone_of(parameters: Parameters, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone that days begin in: that of `tz`, or another one."""
    if "tz" not in parameters.values:
        return otherwise
    name = parameters.last("tz")
    if name not in zone_names():
        raise Problem(
            400, f"{quoted(name)} is no time zone, such as Europe/Berlin or UTC.", "parameter_invalid"
        )
    return ZoneInfo(name)


def read_parameters(request: HttpRequest, known: Collection[str]) -> Parameters:
    """The parameters of a request; raises `Problem` for one that is not `known`, comes twice, or holds what
    nobody sends.
    """
    values = {name: [str(value) for value in given] for name, given in request.GET.lists()}
    for name, given in values.items():
        if name not in {*known, LIMIT, CURSOR}:
            raise Problem(400, f"There is no parameter {quoted(name)} here.", "parameter_unknown")
        if len(given) > 1 and not (name == "hide" or name.startswith("filter.")):
            raise Problem(400, f"{name} is given twice.", "parameter_invalid")
        if not all(given):
            raise Problem(400, f"{name} is empty: leave it out, or say what.", "parameter_invalid")
        if any("\0" in value or "\N{REPLACEMENT CHARACTER}" in value for value in given):
            raise Problem(400, f"{name} holds what is no text.", "parameter_invalid")
    return Parameters(values)


def refuse_bad_addresses(request: HttpRequest) -> None:
    """Raise `Problem` for an address that is too long, or that holds a token: it stands in logs by now."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_ADDRESS:
        raise Problem(414, f"The part after the question mark has at most {LONGEST_ADDRESS:,} characters.")
    if query.count("&") >= MOST_PARAMETERS:
        raise Problem(400, f"There are more than {MOST_PARAMETERS} parameters.", "parameter_invalid")
    names = {part.partition("=")[0].lower() for part in unquote_plus(query).split("&")}
    if names & SECRETS or BEGINS in unquote_plus(query).lower():
        words = (
            "A token is sent in the header “Authorization: Bearer …”, never in an address: what stands there "
            "is kept in logs. If this was a real one, revoke it."
        )
        raise Problem(400, words, "token_in_address")
