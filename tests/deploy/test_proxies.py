"""The nginx and the Caddy of the documentation, as they are, in front of real web processes."""

import re
from itertools import islice

import pytest

from tests.deploy.conftest import Guest, Guests
from tests.deploy.proxies import Front, nginx
from tests.installation import wait_until
from tests.playground.visitor import words

pytestmark = pytest.mark.processes
TOKEN = "vErY-sEcReT_0123456789abcdefghijklmnopqrstu"
WITH_TOKEN = (
    f"/invitations/{TOKEN}/",
    f"/invitations/{TOKEN}”/",
    f"/invitations//{TOKEN}/more",
    f"/accounts/password/reset/key/1-{TOKEN}/",
    f"/setup/?token={TOKEN}",
    f"/streams/playground/?ticket={TOKEN}",
    f"/t/acme/usage/?token={TOKEN}",
    f"/{TOKEN}",
)
TOO_LARGE = b"a" * 2_500_000
HUGE = b"a" * 10_500_000


def test_a_page_comes_over_https_alone(front: Front, guest: Guests) -> None:
    visitor = guest("127.0.0.3")
    page = visitor.http.get("/accounts/login/")
    assert page.status_code == 200
    assert "Sign in" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    plain = visitor.http.get(f"http://localhost:{front.plain_port}/accounts/login/?next=/")
    assert plain.status_code == 308
    assert re.fullmatch(r"https://localhost(:\d+)?/accounts/login/\?next=/", plain.headers["location"])


def test_somebody_signs_in_with_cookies_of_this_host_alone(alice: Guest) -> None:
    cookies = {cookie.name: cookie for cookie in alice.http.cookies.jar}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(cookies)
    assert all(cookie.secure and cookie.path == "/" for cookie in cookies.values())
    assert "Acme" in alice.http.get("/t/acme/usage/").text


def test_a_run_streams_word_by_word(alice: Guest) -> None:
    run = alice.run("Tell me a long story about half-lives. Write 80 words.")
    with alice.following(alice.wait_for_stream(run)) as events:
        first = list(islice(events, 3))
        assert alice.live_runs() == [run]
        rest = [event for event in events if "event" not in event]
    assert len(first) == 3
    assert len(rest) > 20
    assert alice.wait_for_end(run)["state"] == "completed"
    assert len(words("".join(event["data"] for event in rest))) > 100


def test_the_address_of_the_client_is_believed_and_what_it_claims_is_not(
    front: Front, alice: Guest, guest: Guests
) -> None:
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}
    there = guest("127.0.0.77", **claims)
    there.http.cookies = alice.http.cookies
    answer = there.post("/teams/new/", {"name": f"Behind {front.port}", "time_zone": "UTC"})
    assert answer.status_code == 302, answer.text
    sql = "SELECT ip FROM teams_auditentry WHERE object_label = ?"
    assert front.installation.rows(sql, f"Behind {front.port}") == [("127.0.0.77",)]


def test_a_body_that_is_too_large_is_refused_in_our_words(guest: Guests) -> None:
    visitor = guest("127.0.0.4")
    answer = visitor.http.post("/accounts/login/", content=TOO_LARGE)
    assert answer.status_code == 413
    assert "At most 2 MB are taken at once" in answer.text
    assert visitor.http.post("/accounts/login/", content=HUGE).status_code == 413


def test_static_files_are_kept_for_ever(guest: Guests) -> None:
    visitor = guest("127.0.0.5")
    page = visitor.http.get("/accounts/login/").text
    (address, *_) = re.findall(r"/static/[^\"]+\.[0-9a-f]{12}\.css", page)
    file = visitor.http.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert file.status_code == 200
    assert "immutable" in file.headers["cache-control"]
    assert file.headers["content-encoding"] == "br"


def test_no_log_holds_a_token_of_an_address(front: Front, guest: Guests) -> None:
    visitor = guest("127.0.0.6")
    for address in WITH_TOKEN:
        visitor.http.get(address, headers={"Referer": f"{front.url}{WITH_TOKEN[0]}"})
        visitor.http.get(f"http://localhost:{front.plain_port}{address}")
    visitor.http.post(WITH_TOKEN[0], content=HUGE)
    visitor.http.get("/t/acme/playground/")
    wait_until(lambda: "/t/acme/playground/" in front.logs(), front.logs)
    assert TOKEN[4:] not in front.logs()
    assert "/invitations/" in front.logs()


@pytest.mark.parametrize("front", [nginx], indirect=True, ids=["nginx"])
def test_who_asks_without_end_is_refused_and_nobody_else(front: Front, guest: Guests) -> None:
    hasty, other = guest("127.0.0.7"), guest("127.0.0.8")
    assert 429 in (hasty.http.get("/healthz").status_code for _ in range(2_000))
    assert other.http.get("/healthz").status_code == 200


def test_where_web_processes_go_one_after_the_other_somebody_answers(front: Front, guest: Guests) -> None:
    visitor, house = guest("127.0.0.10"), front.installation
    visitor.http.get("/accounts/login/")
    for name, port in (("second", house.second_port), ("web", house.port)):
        house.kill(name)
        try:
            answers = [visitor.http.get("/accounts/login/").status_code for _ in range(6)]
            posts = [visitor.post("/accounts/login/", {"login": "x"}).status_code for _ in range(4)]
            visitor.http.get(WITH_TOKEN[0])
        finally:
            house.start_web(name, port)
        assert answers + posts == [200] * 10
    assert TOKEN[4:] not in front.logs()
