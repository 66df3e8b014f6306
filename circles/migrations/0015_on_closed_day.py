from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0014_decided_polls_and_own_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="on_closed_day",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Somebody has said that it is to be on a bank holiday or blocked day all the same.",
            ),
        ),
    ]
