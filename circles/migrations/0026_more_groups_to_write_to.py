"""The team can write to those who are not ready, and to those who stay away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("circles", "0025_seats_stamp_people")]

    operations = [
        migrations.AlterField(
            model_name="announcement",
            name="group",
            field=models.CharField(
                choices=[
                    ("everybody", "Everybody"),
                    ("no_reply", "Those who have not replied to their next session"),
                    ("no_answer", "Those who have not answered a survey that is open"),
                    ("waiting", "Those who wait for a seat"),
                    ("not_ready", "Those who have not done what they are asked to do to get ready"),
                    ("absent", "Those who missed the last two sessions"),
                ],
                default="everybody",
                max_length=10,
            ),
        ),
    ]
