from django.db import migrations, models


def mark_own_plans(apps, schema_editor):
    """A plan that a circle has changed is its own: the audit trail says which those are."""
    events = apps.get_model("privacy", "AuditEvent").objects.filter(verb="session.plan_changed")
    sessions = apps.get_model("circles", "Session").objects.filter(pk__in=events.values("object_id"))
    sessions.update(plan_is_own=True)


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0013_stand_in"),
        ("privacy", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="poll",
            name="because",
            field=models.CharField(
                blank=True,
                db_default="",
                editable=False,
                help_text="What the programme team said when it decided in the mentor’s place. Said to the circle.",
                max_length=300,
                verbose_name="why",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="plan_is_own",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="The circle has written its plan: no template is laid over it.",
                verbose_name="plan is the circle’s own",
            ),
        ),
        migrations.RunPython(mark_own_plans, migrations.RunPython.noop),
    ]
