"""The four roles of a team, each with all that the ones after it may."""

from django.db import models


class Role(models.TextChoices):
    """What somebody is in a team; what that lets them do is said by acts (teams/acts.py)."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"

    def includes(self, least: "Role") -> bool:
        """Tell whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) <= order.index(least)
