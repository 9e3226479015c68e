"""The pages of a team that belong to no other app."""

from django.urls import path

from teams.views import keys

app_name = "teams"
urlpatterns = [
    path("keys/", keys.keys, name="keys"),
    path("keys/add/", keys.add_key, name="add_key"),
    path("keys/<uuid:key_id>/retire/", keys.retire_key, name="retire_key"),
]
