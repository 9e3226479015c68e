"""The models page in a browser: an admin says when a model retires; names and numbers keep its width."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import sign_in
from tests.installation import Installation

LONG = """
from datetime import timedelta
from django.utils import timezone
from rax import Model
from teams.models import Key, Plan, User
from teams.team import life
from tests.usage.catalogue.page.stage import tell
from usage.models import Meter

now, alice = timezone.now(), User.objects.get(email="alice@example.com")
team, keys = life.create_team(alice, "Long", "UTC", ""), []
base_url = Key.objects.get(team__slug="acme").base_url
for name, error in (("n" * 80, "e" * 200), ("gnp\\u202e " + "w" * 60, "")):
    key = Key(team=team, owner=alice, name=name, plan=Plan.FREE, project="p" * 80, base_url=base_url)
    key.set_secret("rax_demo_free")  # other stories poll all keys of this installation
    key.save()
    told = {"last_error": error, "missed_polls": len(error), "asked_at": now}
    Meter.objects.create(
        team=team, key=key, name=name, next_poll_at=now, failing_since=now - timedelta(hours=5), **told
    )
    keys.append(key)
soon, most = (now + timedelta(days=30)).date(), 2**62
long = Model(
    "m" * 190,
    description="d" * 2_000,
    owned_by="o" * 200,
    context_window=most,
    max_tokens=most,
    retires_on=soon,
)
for key in keys:
    tell(key, [long, Model("rax-4.0")], now - timedelta(hours=9))
for key in keys:
    tell(key, [long], now)
"""


def test_an_admin_says_when_a_model_retires(page: Page, live_raxdash: Installation) -> None:
    sign_in(page, live_raxdash)
    page.goto(f"{live_raxdash.url}/t/acme/models/")
    page.get_by_role("link", name="Retirement of rax-4.0").click()
    page.get_by_label("Retires on").fill((datetime.now(UTC) + timedelta(days=23)).date().isoformat())
    page.get_by_role("button", name="Save").click()
    told = page.get_by_label("What to know")
    # Who used it, other stories decide.
    expect(told).to_contain_text(re.compile(r"rax-4\.0 retires in 23 days; (no|1) key used it this week\."))
    expect(told).to_contain_text("typed by")
    page.get_by_role("link", name="Retirement of rax-4.0").click()
    page.get_by_label("Retires on").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    expect(told).to_have_count(0)


@pytest.mark.parametrize("path", ["models/", "keys/"])
def test_what_comes_from_outside_keeps_the_width(page: Page, live_raxdash: Installation, path: str) -> None:
    if not live_raxdash.rows("SELECT 1 FROM teams_team WHERE name = 'Long'"):
        live_raxdash.manage("shell", stdin=LONG)
    sign_in(page, live_raxdash)
    page.goto(f"{live_raxdash.url}/t/long/{path}")
    expect(page.get_by_role("table").first).to_contain_text("n" * 80)
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
