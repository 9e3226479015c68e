"""A token lets a program in while it is live, for what it was made for and its maker may, and no longer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from teams.acts import TeamAct
from teams.members.deeds import remove
from teams.models import Membership, Role, TeamToken, User
from teams.models.tokens import hash_of
from teams.permissions import Access
from teams.team.life import delete_team
from teams.tokens.access import TokenAccess, TokenRefused, get_token_access
from teams.tokens.scopes import TokenScope
from tests.cast import Cast
from tests.teams.tokens.made import bearer, make_token

HOUR = timedelta(hours=1)


def access(token: str, scope: TokenScope = TokenScope.USAGE, act: TeamAct = TeamAct.SEE_KEYS) -> TokenAccess:
    return get_token_access(RequestFactory().get("/", headers=bearer(token)), scope, act)


def refusal(token: str) -> str:
    with pytest.raises(TokenRefused) as refused:
        access(token)
    return refused.value.code


def test_it_opens_its_own_team_as_its_maker(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    found = access(token)
    assert (found.team, found.membership.user) == (cast.team, cast.bob)


def test_it_is_for_what_it_was_made_for(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.alice, TokenScope.QUOTA)
    assert access(token, TokenScope.QUOTA)
    with pytest.raises(PermissionDenied, match="without the scope usage:read"):
        access(token)


def test_it_may_no_more_than_its_maker_may_now(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.adam)
    assert access(token, act=TeamAct.READ_AUDIT)
    Membership.objects.filter(user=cast.adam).update(role=Role.MEMBER)
    with pytest.raises(PermissionDenied, match="Only admins and above"):
        access(token, act=TeamAct.READ_AUDIT)


def test_it_ends(cast: Cast) -> None:
    made, token = make_token(cast.team, cast.bob)
    TeamToken.objects.filter(pk=made.pk).update(expires_at=timezone.now())
    assert refusal(token) == "token_expired"


def test_a_revoked_one_is_refused_at_once(cast: Cast) -> None:
    made, token = make_token(cast.team, cast.bob)
    made.revoke(cast.alice)
    assert refusal(token) == "token_revoked"


def test_that_of_a_removed_member_is_refused_also_when_they_come_back(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    owner = Membership.objects.get(user=cast.alice)
    remove(Access(cast.team, owner), Membership.objects.get(user=cast.bob).pk)
    assert refusal(token) == "token_revoked"
    Membership.objects.create(team=cast.team, user=cast.bob, role=Role.MEMBER)
    assert refusal(token) == "token_revoked"
    assert "Ended: its maker has left" in cast.client("alice").get("/t/acme/tokens/").text


def test_that_of_a_deleted_account_is_refused(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    cast.bob.delete()
    assert refusal(token) == "token_revoked"
    assert "by <bdi>a former member</bdi>" in cast.client("alice").get("/t/acme/tokens/").text


def test_that_of_an_account_that_may_not_sign_in_is_refused(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert refusal(token) == "token_revoked"


def test_none_of_a_deleted_team_is_left(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    delete_team(Access(cast.team, Membership.objects.get(user=cast.alice)))
    assert refusal(token) == "token_unknown"


@pytest.mark.parametrize(
    "sent",
    [
        "rxd_",
        "rxd_abcdefgh_",
        "rxd_abcdefgh_" + "0" * 64,
        "rax_demo_pro",
        "x" * 10_000,
        "\x00",
        "rxd_\x00b_0",
    ],
)
def test_what_is_no_token_is_none(cast: Cast, sent: str) -> None:
    make_token(cast.team, cast.bob)
    assert refusal(sent) in ("token_unknown", "token_missing")


def test_a_token_that_is_nearly_right_is_wrong(cast: Cast) -> None:
    _, token = make_token(cast.team, cast.bob)
    for sent in (token[:-1], f"{token}0", token.upper(), token[:13], token[:-64] + "0" * 64):
        assert refusal(sent) == "token_unknown"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic {}", "{}", "Token {}"])
def test_it_is_sent_as_a_bearer(cast: Cast, header: str) -> None:
    _, token = make_token(cast.team, cast.bob)
    request = RequestFactory().get("/", headers={"Authorization": header.format(token)})
    with pytest.raises(TokenRefused) as refused:
        get_token_access(request, TokenScope.USAGE, TeamAct.SEE_KEYS)
    assert refused.value.code == "token_missing"


def test_two_of_one_prefix_open_each_its_own_team(cast: Cast) -> None:
    mine, token = make_token(cast.team, cast.bob)
    theirs, other = make_token(cast.other_team, cast.charlie)
    other = other.replace(theirs.prefix, mine.prefix)
    TeamToken.objects.filter(pk=theirs.pk).update(prefix=mine.prefix, token_hash=hash_of(other))
    assert [access(each).team for each in (token, other)] == [cast.team, cast.other_team]


def test_its_last_use_is_written_once_an_hour(
    cast: Cast, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, token = make_token(cast.team, cast.bob)
    noon = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: noon)
    with django_assert_num_queries(2):
        access(token)
    monkeypatch.setattr(timezone, "now", lambda: noon + HOUR - timedelta(seconds=1))
    with django_assert_num_queries(1):
        access(token)
    made.refresh_from_db()
    assert made.last_used_at == noon
    monkeypatch.setattr(timezone, "now", lambda: noon + HOUR)
    access(token)
    made.refresh_from_db()
    assert made.last_used_at == noon + HOUR
