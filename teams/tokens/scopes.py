"""What a token may be made for: one scope for each thing that programs can read."""

from django.db import models


class TokenScope(models.TextChoices):
    """A part of the API; its value is its word there, its label what people choose."""

    USAGE = "usage:read", "Usage"
    QUOTA = "quota:read", "Quota"
    MODELS = "models:read", "Models"
    KEYS = "keys:read", "Keys, never a secret"
    ME = "me:read", "What its maker uses"
