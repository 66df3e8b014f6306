import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_coordinators_and_renewals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="interest",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                help_text="Blank: in the team’s queue.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assigned_interests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
