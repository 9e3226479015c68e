"""One installation in which every page has something to show: several teams, runs in every state."""

import json
import re
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx

from tests.installation import PASSWORD, Installation, wait_until
from tests.installed import prepare

OWNER_EMAIL, OWNER_PASSWORD = "demo@example.com", "raxdash demo"
ROLES = ("admin", "member", "viewer")
HISTORY_DAYS = "22"
ENDED = ("completed", "stopped", "failed", "ended_early", "interrupted")
FULL, EMPTY, REFUSED, CROWD = "demo", "quiet", "locked", "crowd"
DOUBTS, MANY, HISTORY = (Path(__file__).parent / name for name in ("doubts.py", "crowd.py", "history.py"))
# The page that wrote the draft.
DRAFT = UUID(int=1)
PROMPTS = {
    "table": "Write a table and a list, and a little code, please.",
    "cut": "Tell me a long story.",
    "early": "[[fault:cut]] Tell me a story.",
    "failed": "[[fault:500]] Say hello with a_very_long_word_that_no_browser_knows_how_to_break_" + "x" * 80,
    # The last: its key must wait then, and nothing is sent with it.
    "limited": "[[fault:429:3600]] Say hello.",
}


@dataclass
class Person:
    """Somebody with a session of their own, who posts forms as a browser without scripts does."""

    http: httpx.Client

    @classmethod
    def at(cls, installation: Installation) -> Self:
        """A stranger at the door."""
        return cls(httpx.Client(base_url=installation.url, timeout=60, follow_redirects=True))

    def post(self, path: str, page: str = "", **fields: str) -> httpx.Response:
        """Open the page with the form, then post it."""
        shown = self.http.get(page or path).text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert found, shown
        answer = self.http.post(path, data=fields | {"csrfmiddlewaretoken": found[1]})
        assert answer.is_success, answer.text
        return answer

    def sign_in(self, email: str, password: str) -> Self:
        """Sign in by the form."""
        answer = self.post("/accounts/login/", login=email, password=password)
        assert "sessionid" in self.http.cookies, answer.text
        return self

    def cookies(self) -> list[Any]:
        """The session as a browser takes it."""
        url = str(self.http.base_url)
        return [{"name": cookie.name, "value": cookie.value, "url": url} for cookie in self.http.cookies.jar]


@dataclass
class Stage:
    """The installation, a person for each role, and the parts of addresses that the database chose."""

    installation: Installation
    people: dict[str, Person] = field(default_factory=dict)
    invitation: str = ""
    runs: dict[str, str] = field(default_factory=dict)

    def correction(self) -> tuple[str, str]:
        """The meter and the instant of the newest correction."""
        query = "SELECT meter_id, at FROM usage_annotation WHERE event = ? ORDER BY at DESC LIMIT 1"
        ((meter, at),) = self.installation.rows(query, "correction")
        return str(meter), str(at)

    def period(self) -> tuple[str, str]:
        """The meter of that correction, and the begin of its newest billing period."""
        meter, _ = self.correction()
        query = "SELECT COALESCE(told_start, start) FROM usage_period WHERE meter_id = ? ORDER BY start DESC"
        return meter, str(self.installation.rows(query, meter)[0][0])

    def answer(self) -> str:
        """The newest answer to the meter of that correction."""
        query = "SELECT id FROM usage_rawpoll WHERE meter_id = ? ORDER BY at DESC LIMIT 1"
        ((answer,),) = self.installation.rows(query, self.correction()[0])
        return str(answer)

    def end(self) -> None:
        """Send everybody home and stop the processes."""
        for person in self.people.values():
            person.http.close()
        self.installation.stop()

    def identifier(self, table: str, column: str, value: str) -> str:
        """The primary key of the first row whose `column` is `value`."""
        query = f"SELECT id FROM {table} WHERE {column} = ? ORDER BY id LIMIT 1"
        ((found,),) = self.installation.rows(query, value)
        return str(UUID(found)) if isinstance(found, str) else str(found)


def build(folder: Path) -> Stage:
    """Fill an installation and start it; whoever calls it stops it."""
    stage = Stage(Installation(folder))
    installation = stage.installation
    try:
        prepare(installation)
        installation.manage("demo", "--days", HISTORY_DAYS)
        installation.start_simulator("--demo", "--pace", "1000")
        installation.start_web()
        stage.people["owner"] = Person.at(installation).sign_in(OWNER_EMAIL, OWNER_PASSWORD)
        make_token(stage)  # while the password was just said
        stage.people["stranger"] = Person.at(installation)
        invite_everybody(stage)
        make_other_teams(stage)
        installation.try_manage("poll")  # says by its exit code that a key was refused, as was meant
        run_everything(stage)
        keep_words(stage)
        set_prices(stage)
        for script in (DOUBTS, MANY, HISTORY):
            installation.manage("shell", "--no-imports", "--command", script.read_text())
    except BaseException:
        stage.end()
        raise
    return stage


def invite_everybody(stage: Stage) -> None:
    """Let one person join in each role, and leave two invitations open."""
    for role in ROLES:
        guest = stage.people[role] = Person.at(stage.installation)
        name = f"{role.capitalize()} Person-of-a-very-long-name"
        guest.post(invite(stage, role), email=f"{role}@example.com", name=name, password=PASSWORD)
    invite(stage, "member", "somebody.with.a.long.address@subsidiary.example.com")
    stage.invitation = invite(stage, "viewer")


def invite(stage: Stage, role: str, email: str = "") -> str:
    """Make an invitation and return its address."""
    members = f"/t/{FULL}/members/"
    page = stage.people["owner"].post(f"{members}invite/", members, role=role, email=email).text
    found = re.search(r'value="(http[^"]+/invitations/[^"]+)"', page)
    assert found, page
    return urlsplit(found[1]).path


def make_other_teams(stage: Stage) -> None:
    """Make a team without keys, and one whose only key is refused."""
    owner = stage.people["owner"]
    for name in (EMPTY, REFUSED):
        owner.post("/teams/new/", name=name.capitalize(), time_zone="Europe/Berlin")
    secret = "rax_look_refused"
    steer(stage, "PUT", secret, {"plan": "free", "load": [{"model": "rax-4.0", "tokens_per_minute": 90}]})
    owner.post(
        f"/t/{REFUSED}/keys/add/",
        secret=secret,
        key_name="Old key",
        plan="free",
        base_url=stage.installation.simulator_url,
    )
    stage.installation.manage("poll")
    steer(stage, "DELETE", secret)
    owner.post(f"/t/{REFUSED}/usage/poll/", f"/t/{REFUSED}/usage/")  # due again at once


def steer(stage: Stage, method: str, secret: str, body: dict[str, object] | None = None) -> None:
    """Tell the simulator of a key, or to forget it."""
    url = f"http://127.0.0.1:{stage.installation.simulator_port}/control/keys/{secret}"
    data = json.dumps(body).encode() if body else None
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=10):
        pass


def keep_words(stage: Stage) -> None:
    """Let the owner write a note and a draft that was another before, save two views, and freeze a page."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    text = f"Load test.\n{'x' * 80}"
    owner, usage = stage.people["owner"], f"/t/{FULL}/usage/"
    owner.post(f"{usage}notes/new/", text=text, first_day=today)
    for name, whose in (("Monday report " + "x" * 60, "team"), ("Nightly batch, hourly", "me")):
        owner.post(f"{usage}views/new/?period=30d", name=name, whose=whose)
    owner.post(f"{usage}frozen/new/?period=30d&by=key&filter.key=!none", usage)
    playground, draft = f"/t/{FULL}/playground/", {"idempotency_key": str(DRAFT), "model": "x" * 60}
    for message in ("x" * 400, "Half a thought"):
        owner.post(f"{playground}draft/", playground, message=message, **draft)


def set_prices(stage: Stage) -> None:
    """Let the owner enter what two models cost, one of them twice."""
    for model, price, day in (
        ("rax-4.5", "2.50", "2026-01-01"),
        ("rax-4.5", "2", "2026-06-01"),
        ("n" * 200, "0.000001", "2026-06-01"),
    ):
        form = {"model": model, "per_million": price, "valid_from": day}
        stage.people["owner"].post(f"/t/{FULL}/usage/prices/new/", **form)


def make_token(stage: Stage) -> None:
    """Let the owner make a token with a long name."""
    tokens, form = f"/t/{FULL}/tokens/", {"name": "Monday's spreadsheet " + "x" * 59, "days": "30"}
    stage.people["owner"].post(f"{tokens}make/", tokens, scopes="usage:read", **form)


def run_everything(stage: Stage) -> None:
    """Run a prompt for each way to end, and wait until all have."""
    for name, prompt in PROMPTS.items():
        stage.runs[name] = run(stage, prompt, max_tokens="30" if name == "cut" else "")
    states = "SELECT state FROM playground_run"
    wait_until(lambda: all(row[0] in ENDED for row in stage.installation.rows(states)), "the runs to end")


def run(stage: Stage, message: str, **fields: str) -> str:
    """Run a prompt and return the run's id."""
    playground, key = f"/t/{FULL}/playground/", stage.identifier("teams_key", "name", "Production")
    form = {
        "message": message,
        "model": "rax-4.5",
        "stream": "on",
        "key": key,
        "idempotency_key": str(uuid4()),
    }
    page = stage.people["owner"].post(f"{playground}start/", playground, **form | fields).text
    return re.findall(r'id="run-([0-9a-f-]{36})"', page)[-1]
