"""Lines of the trail that say what a file or an act on many was for are read by the day, for the team's front page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_complaints")]
    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("verb__in", ["list.exported", "people.acted_on"])),
                fields=["-at"],
                name="audit_purpose_at",
            ),
        ),
    ]
