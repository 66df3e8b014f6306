from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0011_intruder_test"),
    ]

    operations = [
        migrations.AlterField(
            model_name="teamnote",
            name="origin",
            field=models.CharField(
                choices=[
                    ("check_in", "After a session"),
                    ("mid_point", "Half-way through a pair"),
                    ("help", "From who leads a circle"),
                ],
                max_length=10,
            ),
        ),
    ]
