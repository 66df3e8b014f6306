import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0005_why_moved"),
        ("cohorts", "0003_reply_address"),
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("subject", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("roles", models.JSONField(default=list, help_text="Roles of participants, and “coordinator”.")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("no_reply", "Those who have not replied to their next session"),
                            ("no_answer", "Those who have not answered a survey that is open"),
                            ("waiting", "Those who wait for a seat"),
                        ],
                        default="everybody",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=[("draft", "Draft"), ("sent", "Sent")], default="draft", max_length=10),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "circle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="announcements",
                        to="circles.circle",
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="announcements", to="cohorts.cohort"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="announcements",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="announcements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at", None), ("state", "draft")),
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            _connector="OR",
                        ),
                        name="announcement_sent_has_time",
                    )
                ],
            },
        ),
    ]
