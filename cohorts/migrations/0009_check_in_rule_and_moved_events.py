from django.db import migrations, models


def add(apps, schema_editor):
    """Until now who asks for answers to surveys asked these two questions too, a day after each session."""
    rule = apps.get_model("cohorts", "ReminderRule")
    asking = rule.objects.filter(kind="survey", enabled=True).values_list("cohort", flat=True).distinct()
    rule.objects.bulk_create(
        [rule(cohort_id=cohort, kind="check_in", days=1, enabled=True) for cohort in asking.order_by("cohort")],
        ignore_conflicts=True,
    )


def remove(apps, schema_editor):
    apps.get_model("cohorts", "ReminderRule").objects.filter(kind="check_in").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0008_onboarding_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reminderrule",
            name="kind",
            field=models.CharField(
                choices=[
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
        migrations.AddField(
            model_name="event",
            name="moved_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(add, remove),
    ]
