"""Every route of the site: who may open it at least, and how. A test walks them all as everybody."""

from dataclasses import dataclass
from enum import Enum

from teams.models import Role


class Scope(Enum):
    """Where a route belongs."""

    PUBLIC = "for anybody"
    ACCOUNT = "for whoever has an account"
    TEAM = "for the members of one team"


@dataclass(frozen=True, slots=True)
class Route:
    """A named route with its scope, the least role within a team, and the methods it takes."""

    name: str
    scope: Scope
    least: Role | None = None
    methods: tuple[str, ...] = ("GET",)

    @property
    def is_page(self) -> bool:
        """Tell whether a person can open it in a browser."""
        return "GET" in self.methods


READ = ("GET",)
FORM = ("GET", "POST")
WRITE = ("POST",)

ROUTES = (
    Route("home", Scope.PUBLIC),
    Route("setup", Scope.PUBLIC, methods=FORM),
    Route("healthz", Scope.PUBLIC),
    Route("readyz", Scope.PUBLIC),
    Route("invitation", Scope.PUBLIC, methods=FORM),
    Route("create_team", Scope.ACCOUNT, methods=FORM),
    # Accounts (django-allauth)
    Route("account_login", Scope.PUBLIC, methods=FORM),
    Route("account_logout", Scope.PUBLIC, methods=FORM),
    Route("account_signup", Scope.PUBLIC),
    Route("account_inactive", Scope.PUBLIC),
    Route("account_reset_password", Scope.PUBLIC, methods=FORM),
    Route("account_reset_password_done", Scope.PUBLIC),
    Route("account_reset_password_from_key", Scope.PUBLIC, methods=FORM),
    Route("account_reset_password_from_key_done", Scope.PUBLIC),
    Route("account_reauthenticate", Scope.ACCOUNT, methods=FORM),
    Route("account_change_password", Scope.ACCOUNT, methods=FORM),
    # The playground
    Route("playground:index", Scope.TEAM, Role.VIEWER, READ),
    Route("playground:start", Scope.TEAM, Role.MEMBER, WRITE),
    Route("playground:runs", Scope.TEAM, Role.VIEWER, READ),
    Route("playground:run", Scope.TEAM, Role.VIEWER, READ),
    Route("playground:stop", Scope.TEAM, Role.MEMBER, WRITE),
    Route("playground:again", Scope.TEAM, Role.MEMBER, WRITE),
    Route("playground:delete", Scope.TEAM, Role.MEMBER, FORM),
    # Usage
    Route("usage:usage", Scope.TEAM, Role.VIEWER, READ),
    Route("usage:quota", Scope.TEAM, Role.VIEWER, READ),
    Route("usage:models", Scope.TEAM, Role.VIEWER, READ),
    Route("usage:poll_now", Scope.TEAM, Role.MEMBER, WRITE),
    Route("usage:accounts", Scope.TEAM, Role.VIEWER, READ),
    Route("usage:count_once", Scope.TEAM, Role.ADMIN, FORM),
    Route("usage:keep_apart", Scope.TEAM, Role.ADMIN, WRITE),
    Route("usage:ask_again", Scope.TEAM, Role.ADMIN, WRITE),
    Route("usage:count_apart", Scope.TEAM, Role.ADMIN, FORM),
    Route("usage:split", Scope.TEAM, Role.ADMIN, FORM),
    # Teams
    Route("teams:keys", Scope.TEAM, Role.VIEWER, READ),
    Route("teams:add_key", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:key", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:replace_secret", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:check_key", Scope.TEAM, Role.ADMIN, WRITE),
    Route("teams:retire_key", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:members", Scope.TEAM, Role.VIEWER, READ),
    Route("teams:invite", Scope.TEAM, Role.ADMIN, WRITE),
    Route("teams:leave", Scope.TEAM, Role.VIEWER, FORM),
    Route("teams:change_role", Scope.TEAM, Role.ADMIN, WRITE),
    Route("teams:remove_member", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:revoke_invitation", Scope.TEAM, Role.ADMIN, WRITE),
    Route("teams:settings", Scope.TEAM, Role.ADMIN, FORM),
    Route("teams:delete_team", Scope.TEAM, Role.OWNER, FORM),
    Route("teams:audit", Scope.TEAM, Role.ADMIN, READ),
)
