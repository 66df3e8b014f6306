from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0002_closed_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="cohort",
            name="reply_address",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                help_text="Where answers to this cohort’s messages go: an address that a person reads. "
                "Blank: the programme’s own.",
                max_length=254,
                verbose_name="answers go to",
            ),
        ),
    ]
