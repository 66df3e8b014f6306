from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0005_claims_and_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="optout",
            name="opt_out_category_known",
        ),
        migrations.AlterField(
            model_name="optout",
            name="category",
            field=models.CharField(
                choices=[
                    ("nudges", "Reminders about sessions"),
                    ("circle", "Notices that people in your circle write"),
                    ("surveys", "Requests to answer a survey"),
                    ("digests", "Summaries"),
                    ("news", "News of the programme"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="optout",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__in", ["nudges", "circle", "surveys", "digests", "news"])),
                name="opt_out_category_known",
            ),
        ),
    ]
