"""What only real processes on a real database can show."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.installation import PASSWORD, Installation
from tests.installed import prepared

pytestmark = pytest.mark.processes


def csrf(page: httpx.Response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def post(client: httpx.Client, address: str, to: str = "", **fields: str) -> httpx.Response:
    token = csrf(client.get(address))
    return client.post(to or address, data=fields | {"csrfmiddlewaretoken": token})


def test_of_many_who_press_at_once_one_gets_in(live_raxdash: Installation) -> None:
    with httpx.Client(base_url=live_raxdash.url, timeout=60, follow_redirects=True) as alice:
        post(alice, "/accounts/login/", login="alice@example.com", password=PASSWORD)
        page = post(alice, "/t/acme/members/", "/t/acme/members/invite/", role="viewer")
    link = urlsplit(re.search(r'value="(http[^"]+/invitations/[^"]+)"', page.text)[1]).path
    guests = [httpx.Client(base_url=live_raxdash.url, timeout=60) for _ in range(4)]
    forms = [
        {"email": f"guest{number}@example.com", "name": "Guest", "password": PASSWORD}
        | {"csrfmiddlewaretoken": csrf(guest.get(link))}
        for number, guest in enumerate(guests)
    ]
    with ThreadPoolExecutor(len(guests)) as pool:
        answers = list(pool.map(lambda guest, form: guest.post(link, data=form), guests, forms))
    for guest in guests:
        guest.close()
    assert [answer.status_code for answer in answers].count(302) == 1
    people = live_raxdash.rows("SELECT count(*) FROM teams_user WHERE email LIKE 'guest%'")
    assert people == [(1,)]


def test_the_migrations_go_back_and_forth(tmp_path: Path) -> None:
    with prepared(tmp_path) as raxdash:
        for where in (["teams", "0001"], []):
            raxdash.manage("migrate", *where, "--verbosity", "0")
        assert raxdash.rows("SELECT count(*) FROM teams_invitation") == [(0,)]
