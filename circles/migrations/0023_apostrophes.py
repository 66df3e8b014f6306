from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0022_moved_sessions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="reply",
            field=models.CharField(
                blank=True,
                choices=[("yes", "I will come"), ("no", "I can’t come"), ("maybe", "I’m not sure yet")],
                max_length=10,
            ),
        ),
    ]
