"""Before a run that would not fit into what its key has left, the page says so, with the estimate."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.installation import Installation

LIMITED = """
from django.utils import timezone
from teams.models import Key
from usage.models import Meter
Key.objects.filter(team__slug="acme").update(plan="own", tokens_per_day=50_000)
for key in Key.objects.filter(team__slug="acme"):
    values = {"team": key.team, "name": key.name, "next_poll_at": timezone.now(), "status": "no_usage"}
    Meter.objects.update_or_create(key=key, defaults=values)
"""
AS_BEFORE = """
from teams.models import Key
from usage.models import Meter
Key.objects.filter(team__slug="acme").update(plan="free", tokens_per_day=None)
Meter.objects.filter(key__team__slug="acme").delete()
"""


@pytest.fixture
def limited(live_raxdash: Installation, playground: Page) -> Iterator[Page]:
    """The playground of a key that may spend 50,000 tokens a day, at a server that tells no usage."""
    plan = live_raxdash.rows("SELECT plan FROM teams_key")[0][0]
    live_raxdash.manage("shell", stdin=LIMITED)
    playground.reload()
    yield playground
    live_raxdash.manage("shell", stdin=AS_BEFORE.replace("free", plan))


def test_what_would_not_fit_is_said_before_it_is_sent(limited: Page) -> None:
    gauge, estimate = limited.locator("[data-gauge]").first, limited.locator("[data-estimate]").first
    expect(gauge).to_contain_text("of 50,000 tokens left today")
    message = limited.get_by_label("Message", exact=True)
    message.fill("A short message.")
    expect(estimate).to_contain_text("tokens")
    expect(estimate).not_to_contain_text("key's limit")
    message.fill("word " * 60_000)
    expect(estimate).to_contain_text("of the key's limit are left today: it does not fit.")
    # Of how many, what this model has answered before decides.
    expect(estimate).to_contain_text(re.compile(r"≈ [1-9]\d{1,2},\d{3} tokens"))
