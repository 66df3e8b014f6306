from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0021_confidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="because",
            field=models.CharField(
                blank=True,
                db_default="",
                editable=False,
                help_text="What the programme team said when it chose the date in the mentor’s place. The invitation says it.",
                max_length=300,
                verbose_name="why this date",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="moved_from",
            field=models.DateTimeField(
                editable=False,
                help_text="The earliest start that people may still expect, because they were told of it before it moved.",
                null=True,
            ),
        ),
    ]
