import django.db.models.functions.datetime
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0005_session_plans_and_places"),
        ("participants", "0002_answers_so_far"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventreply",
            name="replied_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), default=accounts.clock.now
            ),
        ),
        migrations.AddField(
            model_name="eventreply",
            name="waiting",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Said yes when every place was taken."
            ),
        ),
        migrations.AddConstraint(
            model_name="eventreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("waiting", False), ("reply", "yes"), _connector="OR"),
                name="event_reply_waits_to_come",
            ),
        ),
    ]
