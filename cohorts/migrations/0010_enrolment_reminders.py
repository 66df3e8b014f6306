"""A kind of reminder for those who have accepted and not finished enrolling."""

import django.core.validators
from django.db import migrations, models

DAYS = [3, 7, 14]


def add_missing(apps, schema_editor):
    """Give open cohorts the rules that new cohorts are made with, to be looked at and switched on."""
    cohort_model, rule = apps.get_model("cohorts", "Cohort"), apps.get_model("cohorts", "ReminderRule")
    rule.objects.bulk_create(
        rule(cohort=cohort, kind="enrolment", days=days)
        for cohort in cohort_model.objects.filter(closed_at__isnull=True, published_at__isnull=True)
        for days in DAYS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0009_check_in_rule_and_moved_events"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminderrule",
            name="days",
            field=models.PositiveSmallIntegerField(
                help_text="Days before or after a session; days after a survey opens or somebody accepted; the day of the month for monthly mail; 0 for daily mail.",
                validators=[django.core.validators.MaxValueValidator(60)],
            ),
        ),
        migrations.AlterField(
            model_name="reminderrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("enrolment", "Enrolling: not yet finished (those who accepted)"),
                    ("session_reply", "Session: will you come? (those who have not replied)"),
                    ("session_coming", "Session: see you soon (those who are coming)"),
                    ("attendance", "After a session: were you there? (those of whom nobody has said)"),
                    ("check_in", "After a session: two questions (those who were there)"),
                    ("no_session", "Mentor: no session this month"),
                    ("survey", "Survey: not yet answered"),
                    ("coordinator_digest", "Coordinator: monthly summary"),
                    ("staff_digest", "Programme team: daily summary of what is stuck"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(add_missing, migrations.RunPython.noop),
    ]
