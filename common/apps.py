"""What any app needs."""

from django.apps import AppConfig
from django.db.models import Field
from django.db.models.fields.related import ForeignObject

from common.database.lookups import Among


class CommonConfig(AppConfig):
    """What any app needs."""

    name = "common"

    def ready(self) -> None:
        """Teach the fields our lookup; foreign keys inherit none from other fields."""
        for kind in (Field, ForeignObject):
            kind.register_lookup(Among)
