"""The map of the site."""

from django.urls import include, path

from raxdash import errors, health
from teams.views import first_start, invitations, settings

urlpatterns = [
    path("", first_start.home, name="home"),
    path("setup/", first_start.setup, name="setup"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("teams/new/", settings.create_team, name="create_team"),
    path("accounts/", include("allauth.account.urls")),
    path("t/<slug:slug>/playground/", include("playground.urls")),
    path("t/<slug:slug>/", include("usage.urls")),
    path("t/<slug:slug>/", include("teams.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
