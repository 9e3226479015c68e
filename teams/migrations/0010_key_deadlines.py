"""How long runs with a key wait for the API; NULL is as the installation has it."""

import django.core.validators
from django.db import migrations, models


def seconds(most: int) -> models.PositiveIntegerField:
    """Return a nullable column, which no row is written anew for."""
    bounds = [
        django.core.validators.MinValueValidator(1),
        django.core.validators.MaxValueValidator(most),
    ]
    return models.PositiveIntegerField(blank=True, null=True, validators=bounds)


class Migration(migrations.Migration):
    dependencies = [("teams", "0009_invited_addresses_are_claims")]

    operations = [
        migrations.AddField("key", "connect_seconds", seconds(300)),
        migrations.AddField("key", "first_token_seconds", seconds(86_400)),
        migrations.AddField("key", "between_tokens_seconds", seconds(86_400)),
        migrations.AddField("key", "whole_seconds", seconds(86_400)),
    ]
