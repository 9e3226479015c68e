"""A team's usage, quota and models."""

from django.urls import path

from usage.views import models, quota, usage

app_name = "usage"
urlpatterns = [
    path("usage/", usage.usage, name="usage"),
    path("usage/poll/", usage.poll_now, name="poll_now"),
    path("quota/", quota.quota, name="quota"),
    path("models/", models.models, name="models"),
]
