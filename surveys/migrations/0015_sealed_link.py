"""Whose answers are whose is sealed in the database, and no time of day beside it tells it either.

The column has another name from here on: code of before, which would take what is sealed for the key itself, stops at
once where it would otherwise begin a second set of answers for everybody.
"""

from django.db import migrations, models

import privacy.fields
import surveys.models.response

BATCH = 500


def copy_keys(apps, schema_editor, source, target):
    links = apps.get_model("surveys", "ParticipantKey").objects
    rows = []
    for link in links.iterator(BATCH):
        setattr(link, target, getattr(link, source))
        rows.append(link)
    links.bulk_update(rows, [target], batch_size=BATCH)


def seal(apps, schema_editor):
    copy_keys(apps, schema_editor, "open_key", "key")


def unseal(apps, schema_editor):
    copy_keys(apps, schema_editor, "key", "open_key")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0014_permission_stays_while_asked")]

    operations = [
        migrations.RenameField("participantkey", "key", "open_key"),
        migrations.AlterField("participantkey", "open_key", models.CharField(max_length=32, null=True)),
        migrations.AddField(
            "participantkey",
            "key",
            privacy.fields.EncryptedTextField(db_column="sealed_key", default="", editable=False),
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("participantkey", "open_key"),
        migrations.RemoveField("participantkey", "created_at"),
        migrations.AlterField(
            "participantkey",
            "key",
            privacy.fields.EncryptedTextField(
                db_column="sealed_key", default=surveys.models.response.participant_key, editable=False
            ),
        ),
    ]
