"""Which addresses there are to look at, as whom: from the registry, so that no page is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from raxdash.routes import ROUTES, Route, Scope
from tests.look.stage import CROWD, DRAFT, EMPTY, FULL, REFUSED, Stage

# Answers that are no pages: a machine reads them, or they only lead elsewhere.
NOT_PAGES = {
    "healthz",
    "readyz",
    "worker_readyz",
    "metrics",
    "api:openapi",
    "home",
    "playground:keys",
    "playground:gauge",
    "playground:message",
    "playground:export",
    "playground:compare",
    "playground:sent",
    "playground:raw_lines",
    "playground:streams",
    "usage:export",
    "usage:made_export",
    "usage:made_file",
    "usage:frozen_file",
    "teams:member_names",
}
# Pages of a row, of which there is one.
FIRST_ROWS = {
    "usage:take_back_reset",
    "usage:import",
    "usage:undo_import",
    "usage:edit_note",
    "usage:remove_note",
    "usage:rename_view",
    "usage:frozen_page",
    "usage:remove_frozen",
    "usage:change_price",
    "usage:end_price",
    "usage:remove_price",
    "teams:revoke_token",
}
# What one route shows in another state; {name} stands for a run of that name.
STATES = (
    *(f"/t/{FULL}/usage/?period={period}" for period in ("24h", "30d", "90d", "billing")),
    f"/t/{FULL}/usage/?period=30d&metric=requests",
    f"/t/{FULL}/usage/?period=custom&start=2020-01-01&end=2020-01-03",
    f"/t/{FULL}/usage/?period=nonsense",
    *(f"/t/{FULL}/usage/proof/{part}?period=90d" for part in ("", "seen/", "own/")),
    f"/t/{FULL}/playground/runs/?by=me",
    f"/t/{FULL}/playground/runs/?q=table&parameters=stream",
    f"/t/{FULL}/playground/runs/?q=nothing-is-called-so",
    f"/t/{FULL}/playground/runs/compare/?run={{cut}}&run={{early}}",
    f"/t/{FULL}/playground/runs/{{cut}}/",
    f"/t/{FULL}/playground/runs/{{cut}}/?view=raw",
    f"/t/{FULL}/playground/runs/{{cut}}/?view=json",
    f"/t/{FULL}/playground/runs/{{early}}/",
    f"/t/{FULL}/playground/runs/{{limited}}/",
    f"/t/{FULL}/playground/runs/{{failed}}/",
)
# Lists in other states than their first page: turned, searched, ordered, with nothing found.
LISTS = (
    *(f"/t/{CROWD}/{page}/" for page in ("keys", "quota", "usage/accounts", "audit", "playground/runs")),
    *(f"/t/{CROWD}/{page}/?page=2" for page in ("keys", "quota", "usage/accounts", "audit")),
    f"/t/{CROWD}/playground/runs/?by=me&page=3",
    f"/t/{CROWD}/keys/?q=night&sort=name",
    *(f"/t/{CROWD}/{page}/?q=nothing-is-called-so" for page in ("keys", "quota")),
    f"/t/{CROWD}/audit/?deed=key.checked&days=7",
    f"/t/{CROWD}/usage/?period=30d&by=key,model&compare=previous",
    f"/t/{FULL}/audit/?deed=team.created&days=1",
    f"/t/{EMPTY}/playground/runs/?by=me",
)
OF_OTHER_TEAMS = tuple(
    f"/t/{team}/{page}/"
    for team in (EMPTY, REFUSED)
    for page in ("playground", "playground/runs", "usage", "quota", "models", "keys")
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address, and the status that it should answer."""

    path: str
    status: int = 200


def places(stage: Stage, role: str) -> Iterator[Place]:
    """Every place that this role may open, errors among them."""
    for route in ROUTES:
        if route.is_page and route.name not in NOT_PAGES and may_open(route, role):
            yield Place(reverse(route.name, args=arguments(stage, route.name)))
    if role == "stranger":
        yield Place("/invitations/none/", 404)
        yield Place("/nothing-here/", 404)
        return
    yield Place(f"/t/{FULL}/nothing-here/", 404)
    if role == "owner":
        yield from (Place(path.format(**stage.runs)) for path in (*STATES, *LISTS, *OF_OTHER_TEAMS))
    if role == "viewer":
        yield Place(f"/t/{FULL}/settings/", 403)


def may_open(route: Route, role: str) -> bool:
    """Tell whether the role reaches the route."""
    if role == "stranger":
        return route.scope == Scope.PUBLIC
    if route.scope == Scope.PUBLIC:
        return False  # looked at by the stranger
    if route.name in {"playground:delete", "playground:draft"}:
        return role == "owner"  # whose they are
    if route.name == "usage:rename_view":
        return role != "viewer"  # it is the team's
    if route.name in {"usage:remove_frozen", "teams:revoke_token"}:
        return role in ("owner", "admin")  # the owner's
    return route.act is None or role in route.act.roles


def arguments(stage: Stage, name: str) -> list[str]:
    """What stands in the address of a route."""
    if name in {"playground:run", "playground:run_code", "playground:delete"}:
        return [FULL, stage.runs["table"]]
    if name == "playground:draft":
        return [FULL, stage.identifier("playground_draft", "page", DRAFT.hex)]
    if name in {"usage:quota_key", "teams:key", "teams:replace_secret", "teams:retire_key"}:
        return [FULL, stage.identifier("teams_key", "name", "Production")]
    if name == "usage:retirement":
        return [FULL, stage.identifier("usage_cataloguemodel", "name", "rax-3.5")]
    if name == "usage:filter_values":
        return [FULL, "key"]
    if name == "usage:count_once":
        return [FULL, stage.identifier("usage_sharingsuggestion", "state", "open")]
    if name == "usage:count_apart":
        return [FULL, stage.identifier("usage_meter", "name", "Nightly batch, second key")]
    if name == "usage:split":
        return [FULL, stage.identifier("teams_key", "name", "Trial")]
    if name == "usage:reset":
        return [FULL, *stage.correction()]
    if name == "usage:raw_answers":
        return [FULL, *stage.period()]
    if name == "usage:raw_answer":
        return [FULL, stage.answer()]
    if name in FIRST_ROWS:
        return [FULL, "1"]
    if name == "teams:job":
        return [FULL, stage.identifier("common_job", "state", "failed")]
    if name == "teams:remove_member":
        return [FULL, stage.identifier("teams_membership", "role", "viewer")]
    if name == "invitation":
        return [stage.invitation.strip("/").removeprefix("invitations/")]
    if name == "account_reset_password_from_key":
        return ["1", "used-up"]
    return [FULL] if ":" in name or name == "troubles" else []
