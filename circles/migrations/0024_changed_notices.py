from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0023_apostrophes"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
