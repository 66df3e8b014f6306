from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0015_sealed_link"),
    ]

    operations = [
        migrations.AlterField(
            model_name="instrument",
            name="permission",
            field=models.CharField(
                choices=[
                    ("own", "The programme’s own items"),
                    ("free", "Free to use"),
                    ("granted", "Permission granted"),
                    ("needed", "Permission still needed"),
                ],
                default="needed",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="instrument",
            name="validated",
            field=models.BooleanField(default=False, help_text="A published scale, not the programme’s own items."),
        ),
    ]
