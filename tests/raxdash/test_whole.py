"""The whole house on real processes: set up, run, follow, stop, poll, fold, chart — on both sets of parts.

`embedded` is what `make run` starts: SQLite, its broker beside it, memory. `grown up`: PostgreSQL and Redis.
"""

import json
import re
import signal
from collections.abc import Iterator
from html import unescape

import pytest

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice
from tests.playground.visitor import Visitor
from tests.servers import new_database

PROMPT = "Tell me about bridges. [[say:The bridge stands.]]"


pytestmark = pytest.mark.processes


@pytest.fixture(scope="module", params=["embedded", "grown up"])
def raxdash(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation shared by the stories of one set of parts."""
    settings = {"LOG_FORMAT": "json"}
    if request.param == "grown up":
        settings["DATABASE_URL"] = new_database(request.getfixturevalue("postgres"))
        settings["REDIS_URL"] = request.getfixturevalue("redis_url")
    with installed_for_alice(tmp_path_factory.mktemp("whole"), **settings) as installation:
        yield installation


def tokens_polled(raxdash: Installation) -> int:
    rows = raxdash.rows("SELECT total_tokens FROM usage_rawpoll WHERE total_tokens > 0 ORDER BY at DESC")
    return int(rows[0][0]) if rows else 0


def page(visitor: Visitor, path: str) -> str:
    answer = visitor.http.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_a_prompt_becomes_a_bar_of_the_chart(raxdash: Installation) -> None:
    raxdash.start_worker()
    with Visitor(raxdash) as alice:
        run = alice.run(PROMPT)
        row = alice.wait_for_end(run)
        assert (row["state"], row["text"]) == ("completed", "The bridge stands.")
        answered = "SELECT 1 FROM usage_meter WHERE answered_at IS NOT NULL"
        wait_until(lambda: raxdash.rows(answered), lambda: f"a poll {raxdash.logs()}")
        assert alice.post("/t/acme/usage/poll/").status_code in {200, 202, 204, 302}
        used = wait_until(lambda: tokens_polled(raxdash), "the run's tokens in a poll")
        report = page(alice, "/t/acme/usage/?period=24h")
        assert re.search(rf"\b{used:,}\b", report), "the total is not on the page"
        assert "rax-4.0" in report
        assert f"{used:,}" in page(alice, "/t/acme/quota/")
        assert "8,192" in page(alice, "/t/acme/models/")
    raxdash.kill("worker", signal.SIGTERM)


def test_the_log_says_what_became_of_a_run(raxdash: Installation) -> None:
    before = len(raxdash.log("web"))
    with Visitor(raxdash) as alice:
        run = str(alice.run(PROMPT))
        wait_until(
            lambda: "ended: completed" in raxdash.log("web")[before:], lambda: f"the end {raxdash.logs()}"
        )
    lines = [json.loads(line) for line in raxdash.log("web")[before:].splitlines()]
    assert [line["run_id"] for line in lines if "ended: completed" in line["message"]] == [run]
    assert all(line["request_id"] for line in lines if line["logger"] == "raxdash.requests")
    assert "bridge" not in raxdash.logs()


def test_the_same_numbers_come_from_the_shell(raxdash: Installation) -> None:
    with Visitor(raxdash) as alice:
        alice.wait_for_end(alice.run(PROMPT))
    told = raxdash.manage("poll").stdout
    ((runs,),) = raxdash.rows("SELECT count(*) FROM playground_run")
    assert f"Main key: {tokens_polled(raxdash):,} tokens, {runs} requests" in told
    assert raxdash.manage("ledger", "verify").returncode == 0


def test_the_setup_command_may_be_repeated(raxdash: Installation) -> None:
    raxdash.set_up()
    counts = [
        raxdash.rows(f"SELECT count(*) FROM {table}") for table in ("teams_team", "teams_user", "teams_key")
    ]
    assert counts == [[(1,)]] * 3
