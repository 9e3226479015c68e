"""A program that asks the API by a token."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from teams.models import TeamToken
from teams.tokens.scopes import TokenScope
from tests.cast import Cast
from tests.teams.tokens.made import bearer, make_token

API = "/api/v1/"


@dataclass
class Program:
    """It sends its token with every request."""

    token: str
    row: TeamToken
    client: Client = field(default_factory=Client)

    def ask(
        self, path: str, /, method: str = "GET", headers: dict[str, str] | None = None, **asked: Any
    ) -> Any:
        """The answer to a request."""
        sent = bearer(self.token) | (headers or {})
        return self.client.generic(method, API + path, query_params=dotted(asked), headers=sent)

    def read(self, path: str, /, **asked: Any) -> Any:
        """The JSON of an answer that went well."""
        answer = self.ask(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path: str, /, **asked: Any) -> Iterator[Any]:
        """All rows, page by page."""
        page: Any = {"next": ""}
        while page["next"] is not None:
            page = self.read(path, **asked, **({"cursor": page["next"]} if page["next"] else {}))
            yield from page["rows"]

    def refusal(self, path: str, /, **asked: Any) -> tuple[int, str]:
        """The status and code of an answer that did not."""
        answer = self.ask(path, **asked)
        return answer.status_code, answer.json()["error"]["code"]


def dotted(asked: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they are spelt: `filter__key` is `filter.key`."""
    return {name.replace("__", "."): value for name, value in asked.items()}


def program_of(cast: Cast, person: str, *scopes: TokenScope) -> Program:
    """A program with a token of somebody's."""
    user = getattr(cast, person)
    row, token = make_token(cast.other_team if person == "charlie" else cast.team, user, *scopes)
    return Program(token, row)
