"""Past days are brought in in a real browser, of a provider that tells them, by a real worker."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import sign_in
from tests.installation import Installation
from tests.usage.busy import busy_raxdash

DAYS = 90


@pytest.fixture(scope="module")
def raxdash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running raxdash whose key has been busy elsewhere for ever, and was polled once; with a worker."""
    with busy_raxdash(tmp_path_factory.mktemp("imports")) as installation:
        installation.start_worker()
        yield installation


def told_before_this_month(installation: Installation) -> int:
    """The tokens that the provider tells of the last days before yesterday, up to this month."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    first, month = yesterday - timedelta(days=DAYS - 1), f"{datetime.now(UTC):%Y-%m}-01"
    url = f"{installation.simulator_url}/usage?start_date={first}&end_date={yesterday}"
    request = urllib.request.Request(url, headers={"Authorization": "Bearer rax_demo_pro"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        days = json.load(answer)["daily_breakdown"]
    return sum(day["tokens"] for day in days if day["date"] < month)


def test_past_days_are_asked_for_shown_imported_and_taken_back(
    page: Page, raxdash: Installation, tmp_path: Path
) -> None:
    sign_in(page, raxdash)
    imports = f"{raxdash.url}/t/acme/usage/imports/"
    page.goto(f"{imports}days/")
    page.get_by_role("button", name="Ask").click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("nothing that was measured changes", timeout=60_000)
    expect(effect).to_contain_text(re.compile(r"^Adds .* on \d\d days before 1 "))
    tokens = page.get_by_role("region", name="By key").get_by_role("cell").nth(1)
    expect(tokens).to_have_text(f"{told_before_this_month(raxdash):,}")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(effect).to_contain_text("Added ", timeout=60_000)
    address = page.url
    page.goto(f"{raxdash.url}/t/acme/usage/?period=90d&step=week")
    expect(page.get_by_text("imported", exact=True)).to_be_visible()
    page.goto(f"{address}undo/")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible(timeout=60_000)
    refuse_a_large_file(page, imports, tmp_path)


def refuse_a_large_file(page: Page, imports: str, folder: Path) -> None:
    """One that is too large is refused beside its field, before a byte of it is sent."""
    large = folder / "large.csv"
    large.write_bytes(b"x" * 20_000_001)
    page.goto(f"{imports}new/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("File").set_input_files(large)
    page.get_by_role("button", name="Show what would change").click()
    field = page.get_by_label("File")
    assert field.evaluate("field => field.validationMessage").startswith("A file is at most 20 MB.")
    assert "POST" not in sent
