from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0010_polls"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="preparation",
            field=models.TextField(blank=True, db_default="", verbose_name="to prepare"),
        ),
        migrations.AddField(
            model_name="session",
            name="prompts",
            field=models.TextField(
                blank=True, db_default="", help_text="One on each line.", verbose_name="to talk about"
            ),
        ),
    ]
