"""The audit trail can be read and filtered, and says nothing it should not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from teams import audit
from teams.models import AuditEntry, Deed
from tests.cast import Cast
from tests.directions import without_directions

HOME = "203.0.113.5"
AUDIT = "/t/acme/audit/"


def rows(cast: Cast, query: str = "") -> list[AuditEntry]:
    return list(cast.client("adam").get(AUDIT + query).context["page"])


@pytest.fixture
def entries(cast: Cast) -> list[AuditEntry]:
    """Alice added a key today, Bob left a month ago, and something in another team."""
    today = audit.record(cast.team, Deed.KEY_ADDED, by=cast.alice, about=cast.key, ip=HOME, plan="pro")
    old = audit.record(cast.team, Deed.MEMBER_LEFT, by=cast.bob, about=cast.bob)
    AuditEntry.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    audit.record(cast.other_team, Deed.TEAM_CREATED, by=cast.charlie)
    return [today, old]


def test_it_lists_the_team_s_deeds_newest_first(cast: Cast, entries: list[AuditEntry]) -> None:
    assert rows(cast) == entries
    text = without_directions(cast.client("adam").get(AUDIT).text)
    for words in ("Alice", "added the key", "Main key", HOME, "Plan: pro"):
        assert words in text


def test_it_filters_by_person_deed_and_period(cast: Cast, entries: list[AuditEntry]) -> None:
    assert rows(cast, f"?person={cast.bob.pk}") == entries[1:]
    assert rows(cast, "?deed=key.added") == entries[:1]
    assert rows(cast, "?days=30") == entries[:1]
    assert rows(cast, f"?days=30&person={cast.bob.pk}") == []


@pytest.mark.parametrize(
    "query", ["?person=x", "?deed=%00", "?days=-1", "?page=x", "?page=99", "?person=999"]
)
def test_an_unknown_filter_is_no_filter(cast: Cast, entries: list[AuditEntry], query: str) -> None:
    assert rows(cast, query) == entries


def test_it_turns_pages_and_keeps_the_filters(cast: Cast) -> None:
    for _ in range(51):
        audit.record(cast.team, Deed.KEY_CHECKED, by=cast.alice, about=cast.key)
    text = cast.client("adam").get(f"{AUDIT}?deed=key.checked").text
    assert "Page 1 of 2" in text
    assert 'href="?deed=key.checked&amp;page=2">Older</a>' in text
    assert '<option value="key.checked" selected>Checked the key</option>' in text
    assert len(rows(cast, "?deed=key.checked&page=2")) == 1


def test_its_cost_does_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    for _ in range(50):
        audit.record(cast.team, Deed.KEY_CHECKED, by=cast.alice, about=cast.key)
    client = cast.client("adam")
    with django_assert_max_num_queries(10):
        client.get(AUDIT)


def test_names_stay_when_people_and_keys_go(cast: Cast, entries: list[AuditEntry]) -> None:
    cast.alice.delete()
    cast.key.delete()
    entry = AuditEntry.objects.get(pk=entries[0].pk)
    assert (entry.actor, str(entry)) == (None, "Alice added the key Main key")


def test_the_shell_is_whoever_runs_raxdash(cast: Cast) -> None:
    assert str(audit.record(cast.team, Deed.KEY_ADDED, by=None, about=cast.key)).startswith(
        "Whoever runs raxdash"
    )


def test_changes_read_as_before_and_after(cast: Cast) -> None:
    entry = audit.record(
        cast.team,
        Deed.TEAM_CHANGED,
        by=cast.alice,
        keep_prompts_days=[0, 30],
        only_spenders=[False, True],
        labels=[],
    )
    assert entry.readable_details() == [
        ("Keep prompts days", "0 → 30"),
        ("Only spenders", "no → yes"),
        ("Labels", "—"),
    ]


def test_an_empty_trail_says_so(cast: Cast) -> None:
    assert "Nothing here yet" in cast.client("alice").get(AUDIT).text


def test_a_filter_that_leaves_nothing_leads_back(cast: Cast, entries: list[AuditEntry]) -> None:
    text = cast.client("alice").get(f"{AUDIT}?days=30&person={cast.bob.pk}").text
    assert '<a class="btn" href="?">Show everything</a>' in text


def test_its_menus_have_labels(cast: Cast) -> None:
    text = cast.client("alice").get(AUDIT).text
    for name, label in (("person", "Person"), ("deed", "Deed"), ("days", "Period")):
        assert f'<label class="form-label" for="filter-{name}">{label}</label>' in text


@pytest.mark.parametrize(
    ("given", "kept"), [("::1", "::1"), ("", None), ("unknown", None), ("1.2.3.4:99", None)]
)
def test_an_address_that_is_none_is_left_out(cast: Cast, given: str, kept: str | None) -> None:
    assert audit.record(cast.team, Deed.KEY_CHECKED, by=cast.alice, ip=given).ip == kept
