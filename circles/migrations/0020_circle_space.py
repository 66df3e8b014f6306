import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0015_on_closed_day"),
        ("participants", "0003_waiting_for_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", models.CharField(max_length=200)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions_added",
                        to="participants.enrolment",
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="circles.circle"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions_owned",
                        to="participants.enrolment",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "created_at"],
            },
        ),
        migrations.CreateModel(
            name="SessionNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                (
                    "decisions",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000)]),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="note", to="circles.session"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="session_notes",
                        to="participants.enrolment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SharedGoal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", models.CharField(max_length=200)),
                (
                    "competency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("goals", "Setting goals"),
                            ("learning", "Learning and sharing"),
                            ("authentic", "Bringing your authentic self"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reached_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_goals",
                        to="participants.enrolment",
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goals", to="circles.circle"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="AgendaVote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_votes",
                        to="participants.enrolment",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="circles.agendaitem"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "enrolment"), name="agenda_vote_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(2000)])),
                ("taken_down_at", models.DateTimeField(blank=True, null=True)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="circles.circle"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="participants.enrolment"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken_down_at__isnull", True), ("text", ""), _connector="OR"),
                        name="notice_down_has_no_words",
                    )
                ],
            },
        ),
    ]
