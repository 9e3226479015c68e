"""A team's usage, quota and models."""

from django.urls import path

from usage.accounts import views as accounts_views
from usage.catalogue import views as catalogue_views
from usage.explore import views as explore_views
from usage.quota import views as quota_views

app_name = "usage"
urlpatterns = [
    path("usage/", explore_views.usage, name="usage"),
    path("usage/poll/", explore_views.poll_now, name="poll_now"),
    path("usage/accounts/", accounts_views.accounts, name="accounts"),
    path("usage/accounts/<int:suggestion_id>/merge/", accounts_views.merge_accounts, name="merge_accounts"),
    path(
        "usage/accounts/<int:suggestion_id>/dismiss/", accounts_views.dismiss_sharing, name="dismiss_sharing"
    ),
    path("usage/accounts/<int:suggestion_id>/reopen/", accounts_views.reopen_sharing, name="reopen_sharing"),
    path("usage/accounts/meters/<int:meter_id>/part/", accounts_views.part_accounts, name="part_accounts"),
    path("usage/accounts/keys/<uuid:key_id>/split/", accounts_views.split_account, name="split_account"),
    path("quota/", quota_views.quota, name="quota"),
    path("models/", catalogue_views.models, name="models"),
]
