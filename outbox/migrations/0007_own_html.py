from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0006_notices_category"),
    ]

    operations = [
        migrations.AddField(
            model_name="wording",
            name="html",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Blank: the HTML part is made from the text.",
                verbose_name="HTML of its own",
            ),
        ),
    ]
