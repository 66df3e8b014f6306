"""Job title and employer become choices of their own, beside the name.

Nothing is written into anybody's ledger: the words of old are marked as naming all three, and new ones take their place
for whoever is asked from now on.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "share_with_circle"
WORDS = "The people I am placed with may see my name."
PURPOSES = [
    ("evaluation", "Using my survey answers to report what the programme achieves"),
    ("share_with_circle", "Showing my name to my circle"),
    ("share_job_title", "Showing my job title to my circle, beside my name"),
    ("share_employer", "Showing my employer to my circle, beside my name"),
    ("share_attendance", "Telling my organisation how many sessions I attended"),
    ("testimonial", "Asking me for a quote about the programme"),
    ("demand", "Telling my employer that somebody asked about the programme"),
]


def mark_the_old_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Each version so far was put to people under “name, role and organisation”."""
    wordings = apps.get_model("privacy", "ConsentWording").objects.using(schema_editor.connection.alias)
    newest = wordings.filter(purpose=NAME).order_by("-version").first()
    if newest is not None:
        wordings.filter(purpose=NAME).update(names_all=True)
        wordings.create(purpose=NAME, version=newest.version + 1, text=WORDS)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_purposes")]
    operations = [
        migrations.AlterField(
            model_name="consentwording",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=40),
        ),
        migrations.AddField(
            model_name="consentwording",
            name="names_all",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Words of old for the name that named job title and employer too: what was said to them "
                "counts for all three.",
            ),
        ),
        migrations.RunPython(mark_the_old_words, migrations.RunPython.noop),
    ]
