"""Requests to be erased: since when, by when they are answered, and what came of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("by_themselves", models.BooleanField(help_text="Asked for on their own page, not told to the team.")),
                ("asked_at", models.DateTimeField(default=accounts.clock.now)),
                ("due_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "To be answered"), ("erased", "Erased"), ("refused", "Refused")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("why_refused", models.TextField(blank=True, help_text="The person reads this.")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("address_digest", models.CharField(blank=True, max_length=64)),
                ("processors_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open")), fields=("user",), name="erasure_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("outcome", "open")),
                            models.Q(("outcome__in", ["erased", "refused"]), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="erasure_answered_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), _negated=True),
                            models.Q(("why_refused", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="erasure_refused_says_why",
                    ),
                ],
            },
        ),
    ]
