"""Every route of the site: the act that it asks, and how. A test walks them all as everybody."""

from dataclasses import dataclass
from enum import Enum

from playground.acts import PlaygroundAct
from teams.acts import Act, TeamAct
from teams.tokens.scopes import TokenScope
from usage.acts import UsageAct


class Scope(Enum):
    """Where a route belongs."""

    PUBLIC = "for anybody"
    ACCOUNT = "for whoever has an account"
    TEAM = "for the members of one team"
    PROGRAM = "for programs with a token of a team"


@dataclass(frozen=True, slots=True)
class Route:
    """A named route with its scope, the act that it asks of members of a team, and the methods it takes. For
    programs it also asks that their token was made for `token_scope`.

    Before one that `asks_password` does what cannot be undone, it asks for a password that was said long ago:
    always, or for some of what can be posted to it.
    """

    name: str
    scope: Scope
    act: Act | None = None
    methods: tuple[str, ...] = ("GET",)
    asks_password: bool = False
    token_scope: TokenScope | None = None

    @property
    def is_page(self) -> bool:
        """Tell whether a person can open it in a browser."""
        return "GET" in self.methods and self.scope != Scope.PROGRAM


READ = ("GET",)
FORM = ("GET", "POST")
WRITE = ("POST",)

ROUTES = (
    Route("home", Scope.PUBLIC),
    Route("setup", Scope.PUBLIC, methods=FORM),
    Route("healthz", Scope.PUBLIC),
    Route("readyz", Scope.PUBLIC),
    Route("worker_readyz", Scope.PUBLIC),
    # By a token of the installation; without one it is not there.
    Route("metrics", Scope.PUBLIC),
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
    Route("troubles", Scope.TEAM, TeamAct.SEE_KEYS, READ),
    # The playground
    Route("playground:index", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:keys", Scope.TEAM, PlaygroundAct.RUN, READ),
    Route("playground:gauge", Scope.TEAM, PlaygroundAct.RUN, READ),
    Route("playground:streams", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:differences", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:start", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:save_draft", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:choose_draft", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:change_columns", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:discard_draft", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:drafts", Scope.TEAM, PlaygroundAct.RUN, READ),
    Route("playground:draft", Scope.TEAM, PlaygroundAct.RUN, READ),
    Route("playground:restore_draft", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:preview", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:paste", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:stale", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:run_stale", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:rename", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:runs", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:export", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:compare", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:rate", Scope.TEAM, PlaygroundAct.RATE_RUNS, WRITE),
    Route("playground:run", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:message", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:sent", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:run_code", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:stop_all", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:stop", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:again", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:go_on", Scope.TEAM, PlaygroundAct.RUN, WRITE),
    Route("playground:raw_lines", Scope.TEAM, PlaygroundAct.SEE_RUNS, READ),
    Route("playground:check_schema", Scope.TEAM, PlaygroundAct.SEE_RUNS, WRITE),
    Route("playground:delete", Scope.TEAM, PlaygroundAct.DELETE_OWN_RUN, FORM),
    # Usage
    Route("usage:usage", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:mine", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:proof", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:proof_seen", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:proof_own", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:raw_answers", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:raw_answer", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:exports", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:make_export", Scope.TEAM, UsageAct.SEE_USAGE, WRITE),
    Route("usage:made_exports", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:made_export", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:cancel_export", Scope.TEAM, UsageAct.SEE_USAGE, WRITE),
    Route("usage:made_file", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:export", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:frozen_pages", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:freeze", Scope.TEAM, UsageAct.FREEZE, WRITE),
    Route("usage:frozen_page", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:frozen_file", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:make_frozen_export", Scope.TEAM, UsageAct.SEE_USAGE, WRITE),
    Route("usage:remove_frozen", Scope.TEAM, UsageAct.FREEZE, FORM),
    Route("usage:anchors", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:filter_values", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:quota", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:quota_key", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:models", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:model_changes", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:retirement", Scope.TEAM, UsageAct.SET_RETIREMENTS, FORM),
    Route("usage:poll_now", Scope.TEAM, UsageAct.POLL, WRITE),
    Route("usage:accounts", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:count_once", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, FORM),
    Route("usage:keep_apart", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, WRITE),
    Route("usage:ask_again", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, WRITE),
    Route("usage:count_apart", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, FORM),
    Route("usage:split", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, FORM),
    Route("usage:reset", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, FORM),
    Route("usage:take_back_reset", Scope.TEAM, UsageAct.DECIDE_ACCOUNTS, FORM),
    Route("usage:notes", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:write_note", Scope.TEAM, UsageAct.WRITE_NOTES, FORM),
    Route("usage:edit_note", Scope.TEAM, UsageAct.WRITE_NOTES, FORM),
    Route("usage:remove_note", Scope.TEAM, UsageAct.WRITE_NOTES, FORM),
    Route("usage:imports", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:import", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:import_file", Scope.TEAM, UsageAct.IMPORT, FORM),
    Route("usage:ask_for_days", Scope.TEAM, UsageAct.IMPORT, FORM),
    Route("usage:undo_import", Scope.TEAM, UsageAct.IMPORT, FORM),
    *(Route(f"usage:{name}_import", Scope.TEAM, UsageAct.IMPORT, WRITE) for name in ("take", "discard")),
    Route("usage:prices", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    *(
        Route(f"usage:{name}", Scope.TEAM, UsageAct.SET_PRICES, FORM)
        for name in ("add_price", "currency", "change_price", "end_price", "remove_price")
    ),
    Route("usage:saved_views", Scope.TEAM, UsageAct.SEE_USAGE, READ),
    Route("usage:save_view", Scope.TEAM, UsageAct.KEEP_VIEWS, FORM),
    Route("usage:rename_view", Scope.TEAM, UsageAct.KEEP_VIEWS, FORM),
    Route("usage:update_view", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    Route("usage:move_view", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    Route("usage:start_with_view", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    Route("usage:start_in_playground", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    Route("usage:delete_view", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    Route("usage:restore_view", Scope.TEAM, UsageAct.KEEP_VIEWS, WRITE),
    # The API; its description is for whoever asks.
    Route("api:openapi", Scope.PUBLIC),
    Route("api:usage", Scope.PROGRAM, UsageAct.SEE_USAGE, token_scope=TokenScope.USAGE),
    Route("api:me_usage", Scope.PROGRAM, UsageAct.SEE_USAGE, token_scope=TokenScope.ME),
    Route("api:quota", Scope.PROGRAM, UsageAct.SEE_USAGE, token_scope=TokenScope.QUOTA),
    Route("api:models", Scope.PROGRAM, UsageAct.SEE_USAGE, token_scope=TokenScope.MODELS),
    Route("api:keys", Scope.PROGRAM, TeamAct.SEE_KEYS, token_scope=TokenScope.KEYS),
    # Teams
    Route("teams:keys", Scope.TEAM, TeamAct.SEE_KEYS, READ),
    Route("teams:add_key", Scope.TEAM, TeamAct.MANAGE_KEYS, FORM),
    Route("teams:key", Scope.TEAM, TeamAct.MANAGE_KEYS, FORM),
    Route("teams:replace_secret", Scope.TEAM, TeamAct.MANAGE_KEYS, FORM, asks_password=True),
    Route("teams:check_key", Scope.TEAM, TeamAct.MANAGE_KEYS, WRITE),
    Route("teams:retire_key", Scope.TEAM, TeamAct.MANAGE_KEYS, FORM, asks_password=True),
    Route("teams:members", Scope.TEAM, TeamAct.SEE_MEMBERS, READ),
    Route("teams:member_names", Scope.TEAM, TeamAct.MANAGE_KEYS, READ),
    Route("teams:invite", Scope.TEAM, TeamAct.MANAGE_MEMBERS, WRITE, asks_password=True),
    Route("teams:leave", Scope.TEAM, TeamAct.LEAVE, FORM, asks_password=True),
    Route("teams:change_role", Scope.TEAM, TeamAct.MANAGE_MEMBERS, WRITE, asks_password=True),
    Route("teams:remove_member", Scope.TEAM, TeamAct.MANAGE_MEMBERS, FORM, asks_password=True),
    Route("teams:revoke_invitation", Scope.TEAM, TeamAct.MANAGE_MEMBERS, WRITE),
    Route("teams:tokens", Scope.TEAM, TeamAct.MAKE_TOKENS, READ),
    Route("teams:make_token", Scope.TEAM, TeamAct.MAKE_TOKENS, WRITE, asks_password=True),
    Route("teams:revoke_token", Scope.TEAM, TeamAct.MAKE_TOKENS, FORM),
    Route("teams:job", Scope.TEAM, TeamAct.SEE_JOBS, READ),
    Route("teams:cancel_job", Scope.TEAM, TeamAct.STEER_JOBS, WRITE),
    Route("teams:try_job_again", Scope.TEAM, TeamAct.STEER_JOBS, WRITE),
    Route("teams:settings", Scope.TEAM, TeamAct.CHANGE_TEAM, FORM, asks_password=True),
    Route("teams:delete_team", Scope.TEAM, TeamAct.DELETE_TEAM, FORM, asks_password=True),
    Route("teams:audit", Scope.TEAM, TeamAct.READ_AUDIT, READ),
)
