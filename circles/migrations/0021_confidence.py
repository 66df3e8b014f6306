import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0020_circle_space"),
        ("cohorts", "0005_session_plans_and_places"),
        ("participants", "0003_waiting_for_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", privacy.fields.EncryptedTextField()),
                ("due_on", models.DateField(verbose_name="to be taken up by")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="taken up")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "outcome",
                    privacy.fields.EncryptedTextField(
                        blank=True, help_text="For the team alone. Needed to close it.", verbose_name="what came of it"
                    ),
                ),
            ],
            options={
                "ordering": ["closed_at", "due_on"],
            },
        ),
        migrations.CreateModel(
            name="Reflection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", privacy.fields.EncryptedTextField()),
                ("changed_at", models.DateTimeField(default=accounts.clock.now)),
            ],
            options={
                "ordering": ["session__starts_at"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_down_has_no_words",
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_down_at__isnull", True), ("text", ""), _connector="OR"),
                name="notice_taken_down_has_no_words",
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="acknowledged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken up by",
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="cohort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="concerns", to="cohorts.cohort"
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="concerns",
                to="participants.enrolment",
                verbose_name="from",
            ),
        ),
        migrations.AddField(
            model_name="reflection",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reflections", to="participants.enrolment"
            ),
        ),
        migrations.AddField(
            model_name="reflection",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reflections", to="circles.session"
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at__isnull", True), ("acknowledged_at__isnull", False), _connector="OR"),
                name="concern_closed_taken_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"
                ),
                name="concern_closed_has_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="reflection",
            constraint=models.UniqueConstraint(fields=("session", "enrolment"), name="reflection_once"),
        ),
    ]
