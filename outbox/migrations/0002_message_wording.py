import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("kind", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField(help_text="Counts the versions of one kind, from 1.")),
                ("is_shipped", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wordings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="wording_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), ("is_shipped", True), ("subject", "")),
                            models.Q(
                                ("is_shipped", False),
                                models.Q(("subject", ""), _negated=True),
                                models.Q(("body", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="wording_has_words",
                    ),
                ],
            },
        ),
    ]
