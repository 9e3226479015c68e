"""The app of people, teams, roles and keys."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """People, teams, roles and the provider's keys."""

    name = "teams"
