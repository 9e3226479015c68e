"""Views of the usage page that people keep under a name."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE, Q

KEPT, OF_TEAM, OF_PERSON = Q(deleted_at=None), Q(owner=None), Q(owner__isnull=False)
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0035_prices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", ID),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, related_name="saved_views", to="teams.team"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("folded_name", models.CharField(max_length=200)),
                ("query", models.TextField(blank=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("is_start", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["team", "owner", "place"], name="saved_views_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["team", "folded_name"],
                        condition=KEPT & OF_TEAM,
                        name="saved_view_name_once_in_team",
                    ),
                    models.UniqueConstraint(
                        fields=["team", "owner", "folded_name"],
                        condition=KEPT & OF_PERSON,
                        name="saved_view_name_once_of_person",
                    ),
                    models.UniqueConstraint(
                        fields=["team"],
                        condition=KEPT & OF_TEAM & Q(is_start=True),
                        name="saved_view_one_start_in_team",
                    ),
                    models.UniqueConstraint(
                        fields=["team", "owner"],
                        condition=KEPT & OF_PERSON & Q(is_start=True),
                        name="saved_view_one_start_of_person",
                    ),
                ],
            },
        ),
    ]
