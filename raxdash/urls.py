"""The map of the site."""

from allauth.account import urls as account_urls
from django.urls import include, path

from raxdash import errors, health
from teams.views import first_start, invitations, settings

# What we use of django-allauth; its other pages (more addresses, sign-in codes) are not offered.
ACCOUNT_ROUTES = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
accounts = [route for route in account_urls.urlpatterns if route.name in ACCOUNT_ROUTES]

urlpatterns = [
    path("", first_start.home, name="home"),
    path("setup/", first_start.setup, name="setup"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("teams/new/", settings.create_team, name="create_team"),
    path("accounts/", include(accounts)),
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
