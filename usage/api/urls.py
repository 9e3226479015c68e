"""The addresses of the API, of its first version."""

from django.urls import path

from teams.acts import TeamAct
from teams.tokens.scopes import TokenScope
from usage.acts import UsageAct
from usage.api.description import description
from usage.api.frame import Resource
from usage.api.resources import keys, mine, models, quota, usage
from usage.explore.query.dimensions import Dimension

app_name = "api"
RESOURCES = {
    "usage": Resource(
        *(TokenScope.USAGE, UsageAct.SEE_USAGE, usage.find, usage.PARAMETERS),
        filters=Dimension,
        is_kept=usage.is_told_by_polls,
    ),
    "quota": Resource(TokenScope.QUOTA, UsageAct.SEE_USAGE, quota.find),
    "models": Resource(TokenScope.MODELS, UsageAct.SEE_USAGE, models.find),
    "keys": Resource(TokenScope.KEYS, TeamAct.SEE_KEYS, keys.find),
    "me/usage": Resource(
        *(TokenScope.ME, UsageAct.SEE_USAGE, mine.find, usage.PARAMETERS),
        filters=[each for each in Dimension if each != Dimension.MEMBER],
    ),
}
urlpatterns = [
    *(path(route, found.view(), name=route.replace("/", "_")) for route, found in RESOURCES.items()),
    path("openapi.json", description, name="openapi"),
]
