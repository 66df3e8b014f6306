import uuid

import django.db.models.deletion
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0004_reminder_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="capacity",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many may come; who says yes later waits in order. Blank: everybody.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="speakers",
            field=models.CharField(
                blank=True, db_default="", help_text="Who speaks, as it stands on the event’s page.", max_length=200
            ),
        ),
        migrations.CreateModel(
            name="SessionPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="session")),
                ("aim", models.CharField(blank=True, max_length=200)),
                ("prompts", models.TextField(blank=True, help_text="One on each line.", verbose_name="to talk about")),
                (
                    "preparation",
                    models.TextField(blank=True, help_text="Stands in the invitation too.", verbose_name="to prepare"),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="session_plans", to="cohorts.cohort"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("cohort", "number"), name="session_plan_number_once")],
            },
        ),
    ]
