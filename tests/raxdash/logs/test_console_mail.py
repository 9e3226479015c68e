"""A mail that is printed can be used as it stands: the link that a person copies works."""

import io
import json
import logging
import re
from pathlib import Path

import httpx
from django.core.mail import EmailMessage

from raxdash.logs.console_mail import EmailBackend
from raxdash.logs.json_streams import JsonLines
from tests.installed import installed_for_alice

NEW_PASSWORD = "another long password"
LINK = "https://raxdash.example.com/accounts/password/reset/key/1-" + 100 * "x" + "=/?name=Żółw&more=é"


def test_each_line_of_a_mail_stays_one_line() -> None:
    printed = io.StringIO()
    mail = EmailMessage("Für Żółw", f"Dear Żółw,\n\n{LINK}\n", "raxdash@localhost", ["alice@example.com"])
    EmailBackend(stream=printed).send_messages([mail])
    assert LINK in printed.getvalue().splitlines()
    assert "Subject: Für Żółw" in printed.getvalue()


def test_among_json_a_mail_is_an_object_with_its_link() -> None:
    printed = io.StringIO()
    mail = EmailMessage("Für Żółw", f"Dear Żółw,\n\n{LINK}\n", "raxdash@localhost", ["alice@example.com"])
    EmailBackend(stream=JsonLines("stdout", logging.INFO, printed)).send_messages([mail])
    (line,) = printed.getvalue().splitlines()
    assert LINK in json.loads(line)["message"].splitlines()


def test_the_printed_link_resets_the_password(tmp_path: Path) -> None:
    with installed_for_alice(tmp_path) as installation:
        with httpx.Client(
            base_url=installation.url, timeout=60, follow_redirects=True, trust_env=False
        ) as http:
            post(http, "/accounts/password/reset/", email="alice@example.com")
            link = re.search(
                r"^http\S+/accounts/password/reset/key/\S+$", installation.log("web"), re.MULTILINE
            )
            assert link
            form = http.get(link[0])
            answer = post(http, str(form.url), password1=NEW_PASSWORD, password2=NEW_PASSWORD)
            assert answer.url.path == "/accounts/password/reset/key/done/"
        with httpx.Client(
            base_url=installation.url, timeout=60, follow_redirects=True, trust_env=False
        ) as http:
            answer = post(http, "/accounts/login/", login="alice@example.com", password=NEW_PASSWORD)
            assert answer.url.path == "/t/acme/playground/"


def post(http: httpx.Client, address: str, **fields: str) -> httpx.Response:
    http.get(address)
    return http.post(address, data=fields | {"csrfmiddlewaretoken": http.cookies["csrftoken"]})
