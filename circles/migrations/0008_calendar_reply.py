"""Which answers from calendars were taken, by a hash."""

import uuid

from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [("circles", "0007_calendar_feed")]

    operations = [
        migrations.CreateModel(
            name="CalendarReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_index=True, default=accounts.clock.now, editable=False)),
                ("message_hash", models.CharField(editable=False, max_length=64, unique=True)),
            ],
            options={"abstract": False},
        ),
    ]
