"""Figures on the public page, written answers without names, where own questions stand, and quotes past their day."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0005_session_plans_and_places"),
        ("surveys", "0012_help_for_who_leads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="0: before the first scale; 1: after the first, and so on. Empty: at the end. Questions of one place share a page.",
                null=True,
                verbose_name="after which scale",
            ),
        ),
        migrations.AlterField(
            model_name="snapshot",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reach", "Organisations and people of a closed cohort"),
                    ("impact", "Before and after, for the programme team"),
                    ("outside", "Before and after, for everybody else"),
                    ("together", "Cohorts that are too small alone, together, for the programme team"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="testimonial",
            name="state",
            field=models.CharField(
                choices=[
                    ("offered", "Waiting for approval"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Past its day"),
                ],
                default="offered",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("text", privacy.fields.EncryptedTextField(blank=True)),
                ("shown", models.BooleanField()),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comment", to="surveys.questionanswer"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("published_at", models.DateTimeField(default=accounts.clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="cohorts.cohort"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="surveys.snapshot"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("cohort",),
                        name="publication_once_per_cohort",
                    )
                ],
            },
        ),
    ]
