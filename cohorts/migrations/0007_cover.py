"""Who covers whom in the team; and that nobody is covered twice on one day, which PostgreSQL holds itself.

An exclusion constraint without `btree_gist`, which this PostgreSQL does not have: a range of one number, the hash of who
is away, stands for “the same person”.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock

FORWARD = """
ALTER TABLE cohorts_cover ADD CONSTRAINT cover_one_at_a_time EXCLUDE USING gist (
    int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]') WITH &&,
    daterange(first_day, last_day, '[]') WITH &&
)
"""
BACKWARD = "ALTER TABLE cohorts_cover DROP CONSTRAINT cover_one_at_a_time"


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0006_events_called_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(help_text="The day itself is covered too.")),
                (
                    "covered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covers", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who is away",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence cover",
                "ordering": ["-first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="cover_ends_after"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("covered_by")), _negated=True),
                        name="cover_by_somebody_else",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
