import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0011_session_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="circle",
            name="hand_over",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="For whoever leads next: where the circle stands and what is agreed. Seen by who leads and by staff.",
                validators=[django.core.validators.MaxLengthValidator(2000)],
                verbose_name="hand-over note",
            ),
        ),
    ]
