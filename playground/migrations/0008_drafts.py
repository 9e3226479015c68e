import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import playground.models.drafts


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0007_text_is_called_answer"),
        ("teams", "0001_people_teams_and_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("page", models.UUIDField()),
                ("columns", models.JSONField(default=list, encoder=playground.models.drafts.AsTyped)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="teams.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "author"), name="one_draft_per_member")
                ],
            },
        )
    ]
