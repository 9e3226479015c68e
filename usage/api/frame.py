"""The frame of every address of the API: who asks and how often, what is kept, and JSON whatever happens."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

from teams.acts import Act
from teams.models import TeamToken
from teams.tokens.access import TokenAccess, TokenRefused, get_token_access
from teams.tokens.scopes import TokenScope
from usage.api import allowance, problems
from usage.api.kept import Made, kept
from usage.api.parameters import CURSOR, Parameters, read_parameters, refuse_bad_addresses
from usage.api.problems import JSON, Problem
from usage.explore.query.dimensions import Dimension

READING = ("GET", "HEAD")
REALM = 'Bearer realm="raxdash API"'

# An async one, which Django's types do not tell apart.
type View = Callable[[HttpRequest], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a program: who asks, what, and when."""

    access: TokenAccess
    parameters: Parameters
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a view answers: as JSON, and the cursor of the rows after these; empty where they are the last."""

    body: dict[str, Any]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """What can be read at one address: for which scope and act, with which parameters. `is_kept` tells
    whether an answer may be given again for a minute, while the team's numbers are the same.
    """

    scope: TokenScope
    act: Act
    find: Callable[[Call], Found]
    parameters: Collection[str] = ()
    filters: Collection[Dimension] = ()
    is_kept: Callable[[Call], bool] = field(default=lambda _: False)

    @property
    def names(self) -> set[str]:
        """The names of its parameters, beside those of pages."""
        filters = {f"filter.{dimension}" for dimension in self.filters}
        return {*self.parameters, *filters, *(["hide"] if filters else [])}

    def view(self) -> View:
        """The view of the address. What the database is asked is asked in one thread, in one go."""

        async def answer(request: HttpRequest) -> HttpResponse:
            return await sync_to_async(self.answer)(request)

        return csrf_exempt(login_not_required(answer))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, also where something is wrong with it."""
        headers: dict[str, str] = {}
        try:
            response = self._answer(request, headers)
        except TokenRefused as refused:
            problem = Problem(401, str(refused), refused.code, WWW_Authenticate=REALM)
            response = problems.answer(problem)
        except PermissionDenied as denied:
            response = problems.answer(Problem(403, str(denied)))
        except Problem as problem:
            response = problems.answer(problem)
        for name, value in headers.items():
            response[name] = value
        response["Vary"] = "Authorization"
        return response

    def _answer(self, request: HttpRequest, headers: dict[str, str]) -> HttpResponse:
        require_reading(request)
        refuse_bad_addresses(request)

        def count(token: TeamToken) -> None:
            left, may_ask = allowance.take(token)
            headers.update(left.headers)
            if not may_ask:
                raise allowance.exceeded(left)

        access = get_token_access(request, self.scope, self.act, count)
        parameters = read_parameters(request, self.names)
        return answered(request, self._made(Call(access, parameters, timezone.now()), request.path))

    def _made(self, call: Call, path: str) -> Made:
        """The answer to a call, as it is sent."""
        if not self.is_kept(call):
            return self._make(call)
        # What is late is told in minutes, so an answer may change with each.
        minute, team = int(call.now.timestamp()) // 60, call.access.team
        asked = tuple((name, *values) for name, values in sorted(call.parameters.values.items()))
        question = (path, team.pk, team.generation, minute, asked)
        if (made := kept.get(question)) is None:
            kept.keep(question, made := self._make(call))
        return made

    def _make(self, call: Call) -> Made:
        found = self.find(call)
        return Made.of(orjson.dumps(found.body | {"next": found.next or None}), found.next)


def require_reading(request: HttpRequest) -> None:
    """Raise `Problem` for anything but reading."""
    if request.method not in READING:
        words = f"{request.method} is not taken here: the API is read with GET."
        raise Problem(405, words, Allow=", ".join(READING))


def answered(request: HttpRequest, made: Made) -> HttpResponse:
    """An answer with its tag, or the word that whoever asks has it already."""
    wanted = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in wanted or made.tag in {tag.removeprefix("W/") for tag in wanted}:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(made.body, content_type=JSON)
        if made.next:
            response["Link"] = f'<{request.path}?{_next_page(request, made.next)}>; rel="next"'
    response["ETag"] = made.tag
    return response


def _next_page(request: HttpRequest, cursor: str) -> str:
    asked = [(name, value) for name, values in request.GET.lists() for value in values if name != CURSOR]
    return urlencode([*asked, (CURSOR, cursor)])
