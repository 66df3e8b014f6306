from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0007_employer_requests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="eventreply",
            name="reply",
            field=models.CharField(
                choices=[("yes", "I will come"), ("no", "I can’t come"), ("maybe", "I’m not sure yet")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="nomination",
            name="decline_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("time", "I don’t have the time at the moment"),
                    ("timing", "I would like to take part another time"),
                    ("support", "I don’t have the support at work that I would need"),
                    ("elsewhere", "I am leaving, or already take part in something like it"),
                    ("not_for_me", "It isn’t for me"),
                ],
                db_default="",
                max_length=20,
            ),
        ),
    ]
