"""What PostgreSQL holds itself, and what a new copy starts from."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from privacy.models import AuditEvent, ConsentEvent
from privacy.services import record, set_consent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def refuses(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


def test_audit_rows_are_never_changed_or_deleted():
    event = record(by=None, verb="test.done", about=UserFactory())
    assert refuses("UPDATE privacy_auditevent SET verb = 'other' WHERE id = %s", event.pk)
    assert refuses("DELETE FROM privacy_auditevent WHERE id = %s", event.pk)
    assert AuditEvent.objects.get(pk=event.pk).verb == "test.done"


def test_consent_rows_are_never_changed_or_deleted():
    event = set_consent(user=UserFactory(), purpose="evaluation", given=True, how="test")
    assert refuses("UPDATE privacy_consentevent SET given = false WHERE id = %s", event.pk)
    assert refuses("DELETE FROM privacy_consentevent WHERE id = %s", event.pk)
    assert ConsentEvent.objects.get(pk=event.pk).given


def test_an_address_is_unique_whatever_its_case():
    UserFactory(email="ada@employer.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="ADA@employer.example", first_name="A", last_name="B").save()


def test_the_database_sorts_and_encodes_the_same_everywhere():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s",
                       [connection.settings_dict["NAME"]])  # fmt: skip
        assert cursor.fetchone() == ("C.UTF-8", "UTF8")
