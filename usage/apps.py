"""The usage app."""

from django.apps import AppConfig
from django.db.models import Field
from django.db.models.fields.related import ForeignObject

from usage.lookups import Among


class UsageConfig(AppConfig):
    """The usage app."""

    name = "usage"

    def ready(self) -> None:
        """Teach the fields our lookup; foreign keys inherit none from other fields."""
        for kind in (Field, ForeignObject):
            kind.register_lookup(Among)
