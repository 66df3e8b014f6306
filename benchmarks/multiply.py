"""The programme in the database, so many times over: every cohort again with organisations and people of its own.

Copied inside PostgreSQL, table by table: a copied row has the key md5(key of the original, number of the copy), and so
has whatever points at it. Triggers sleep meanwhile, so that no order is needed.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from surveys.models import ParticipantKey

# What all cohorts share, and what is about the copy of the software and not about anybody.
SHARED = {
    "surveys.Instrument", "surveys.Item", "surveys.IntruderTest", "cohorts.Format", "cohorts.Topic",
    "cohorts.StaffAssignment", "content.PageText", "content.Faq", "content.Resource", "content.Baseline", "outbox.Pace",
    "outbox.Wording", "outbox.MailEvent", "outbox.Suppression", "privacy.ConsentWording", "privacy.AuditSeal",
    "accounts.ClockOffset", "staff.HandbookText",
    "accounts.User_groups", "accounts.User_user_permissions", "staff.PutOff", "circles.KeptApart",
}  # fmt: skip
# Columns that must not be the same twice, or would give a copy a power that one is enough for; # is the copy's number.
CHANGED = {
    "accounts_user.email": "'#.' || email",
    "accounts_user.is_staff": "false",
    "accounts_user.is_superuser": "false",
    "cohorts_cohort.number": "number + 1000 * #",
    "cohorts_cohort.name": "name || ' (#)'",
    "organisations_organisation.name": "name || ' #'",
    "outbox_message.key": "'#:' || key",
    "privacy_complaint.number": "number + 1000 * #",
    "circles_certificate.code": "md5(code || '#')",
    "circles_calendarreply.message_hash": "md5(message_hash || '#')",
    "circles_calendarfeed.token_hash": "md5(token_hash || '#')",
}
COPIED_KEY = "md5({}::text || ':#')::uuid"


def copied() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        local = Path(model._meta.app_config.path).parent == Path(settings.BASE_DIR)
        if local and model._meta.label not in SHARED:
            yield model


def _value(field: models.Field, models_copied: set[type[models.Model]]) -> str:
    """What a copied row has in a column, as SQL."""
    if changed := CHANGED.get(f"{field.model._meta.db_table}.{field.column}"):
        return changed
    column = connection.ops.quote_name(field.column)
    if field.column == "participant_key":
        return f"CASE WHEN {column} = '' THEN '' ELSE md5({column} || '#') END"
    if field.primary_key or field.related_model in models_copied or field.column == "object_id":
        return COPIED_KEY.format(column)
    return column


def multiply(times: int) -> None:
    """There are so many times as many rows afterwards, the first ones among them."""
    every = set(copied())
    links = dict(ParticipantKey.objects.values_list("pk", "key"))
    statements = []
    for model in every:
        fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
        table = connection.ops.quote_name(model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        once, values = f'"once_{model._meta.db_table}"', ", ".join(_value(field, every) for field in fields)
        copy = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {once}"  # noqa: S608 - names of our own
        statements.append((f"CREATE TEMPORARY TABLE {once} ON COMMIT DROP AS TABLE {table}", copy))
    with transaction.atomic(), connection.cursor() as cursor:
        # What was answered never changes, by trigger; copying is no change. Keys are not checked either: they fit.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for snapshot, _ in statements:
            cursor.execute(snapshot)
        for number in range(1, times):
            for _, copy in statements:
                cursor.execute(copy.replace("#", str(number)))
            _seal(links, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seal(links: dict[UUID, str], number: int) -> None:
    """The links of a copy, which PostgreSQL cannot open, lead to the keys that its answers have."""
    copies = [ParticipantKey(pk=UUID(_md5(f"{pk}:{number}")), key=_md5(f"{key}{number}")) for pk, key in links.items()]
    ParticipantKey.objects.bulk_update(copies, ["key"], batch_size=500)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
