from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0022_moved_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
