"""The map of the site."""

from allauth.account import urls as account_urls
from django.urls import URLPattern, include, path

from raxdash import health, metrics
from raxdash.pages import errors, views
from teams.members import invitation_views as invitations
from teams.sign_in import attempts
from teams.start import views as start
from teams.team import views as teams

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


def bounded(route: URLPattern) -> URLPattern:
    """Return a route of allauth's with our limit on what is posted to it, where it has one."""
    rate = attempts.REQUESTS.get(route.name or "")
    view = attempts.limited(route.callback, rate) if rate else route.callback
    return URLPattern(route.pattern, view, route.default_args, route.name)


accounts = [bounded(route) for route in account_urls.urlpatterns if route.name in ACCOUNT_ROUTES]

urlpatterns = [
    path("", start.home, name="home"),
    path("setup/", start.setup, name="setup"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("teams/new/", teams.create_team, name="create_team"),
    path("accounts/", include(accounts)),
    path("t/<slug:slug>/troubles/", views.troubles, name="troubles"),
    path("t/<slug:slug>/playground/", include("playground.urls")),
    path("t/<slug:slug>/", include("usage.urls")),
    path("t/<slug:slug>/", include("teams.urls")),
    path("api/v1/", include("usage.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("readyz/worker", health.worker_readyz, name="worker_readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
