from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_changes")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="seats_changed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When they last took or left a seat somewhere; PostgreSQL writes it. None: they never had one.",
                null=True,
            ),
        )
    ]
