"""The audit trail is sealed in a chain that shows a change, and its head is cut after two years (G-08, G-12)."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import clock
from privacy import retention
from privacy.chain import faults, forget_old_lines, newest, seal_trail
from privacy.erasure import erase
from privacy.models import AuditEvent, AuditSeal, ConsentEvent, Erasure
from privacy.services import record, set_consent
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY, TWO_YEARS, SIX_YEARS = dt.timedelta(days=1), dt.timedelta(days=730), dt.timedelta(days=2192)


def written(lines: int, about: object) -> None:
    for number in range(lines):
        record(by=None, verb="organisation.merged", about=about, number=number)
    assert seal_trail() == lines


def behind_the_back(sql: str, *values: object) -> None:
    """As somebody with the whole database in hand."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("privacy_auditevent", "privacy_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("privacy_auditevent", "privacy_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def refused(act: Callable[[], object]) -> bool:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    return True


def test_whatever_is_done_to_a_sealed_line_shows(tmp_path: Path) -> None:
    for lines in (3, 2, 2):
        written(lines, OrganisationFactory())
    assert seal_trail() == 0
    assert faults() == []
    noted = tmp_path / "seals"
    noted.write_text(f"{newest()}\n")
    call_command("audit_trail", "--check", "--against", str(noted))
    line = AuditEvent.objects.filter(seal__number=2).first()
    for change, says in (
        ("UPDATE privacy_auditevent SET verb = 'nothing.done' WHERE id = %s", "A line under seal 2 was changed."),
        ("UPDATE privacy_auditevent SET at = at - interval '1 s' WHERE id = %s", "A line under seal 2 was changed."),
        ("DELETE FROM privacy_auditevent WHERE id = %s", "Seal 2 was put on 2 lines and there are 1."),
        (
            "WITH x AS (DELETE FROM privacy_auditevent WHERE seal_id IN "
            "(SELECT seal_id FROM privacy_auditevent WHERE id = %s)) SELECT 1",
            "Seal 2 was put on 2 lines and there are 0.",
        ),
    ):
        with transaction.atomic():
            behind_the_back(change, line.pk)
            assert faults() == [says]
            with pytest.raises(CommandError):
                call_command("audit_trail", "--check")
            transaction.set_rollback(True)

    with transaction.atomic():  # a whole new chain holds by itself, and is not the one that was noted
        behind_the_back("UPDATE privacy_auditevent SET seal_id = NULL, data = '{}'")
        behind_the_back("DELETE FROM privacy_auditseal")
        seal_trail()
        assert faults() == []
        with pytest.raises(CommandError, match="noted elsewhere"):
            call_command("audit_trail", "--against", str(noted))
        transaction.set_rollback(True)
    assert faults() == []


def test_the_head_is_cut_after_two_years_and_the_rest_hangs_on_its_anchor(move_clock: Callable) -> None:
    about, began = OrganisationFactory(), clock.now()
    written(2, about)
    written(1, about)
    move_clock(began + 400 * DAY)
    written(3, about)
    seals = AuditSeal.objects.all()
    move_clock(began + TWO_YEARS - DAY)
    assert forget_old_lines() == 0
    assert AuditEvent.objects.count() == 6
    assert refused(lambda: AuditEvent.objects.all().delete())
    assert refused(lambda: seals.delete())
    assert refused(lambda: seals.update(content="0" * 64))
    assert refused(lambda: AuditEvent.objects.update(seal=None))

    move_clock(began + TWO_YEARS + DAY)
    assert refused(lambda: AuditEvent.objects.filter(seal__number=3).delete())
    assert forget_old_lines() == 3
    assert forget_old_lines() == 0
    assert [(seal.number, seal.forgotten_at is None) for seal in seals.all()] == [(2, False), (3, True)]
    assert faults() == []
    written(1, about)
    assert faults() == []
    # The anchor holds what comes after it.
    with transaction.atomic():
        behind_the_back("UPDATE privacy_auditseal SET digest = repeat('0', 64) WHERE number = 2")
        assert faults() == ["Seal 3 does not hang on the one before it."]
        transaction.set_rollback(True)
    # Much later nothing is left but the end of the chain.
    move_clock(began + 5 * TWO_YEARS)
    assert forget_old_lines() == 4
    assert [seal.number for seal in seals.all()] == [4]
    assert faults() == []


def test_consent_is_kept_for_six_years_and_the_latest_word_as_long_as_the_person(move_clock: Callable) -> None:
    person, gone, began = UserFactory(), UserFactory(), clock.now()
    for given in (True, False):
        set_consent(user=person, purpose="testimonial", given=given, how="test")
    set_consent(user=gone, purpose="testimonial", given=True, how="test")
    erase(gone)
    Erasure.objects.create(user=gone, by_themselves=True, due_on=began, outcome="erased", answered_at=began)
    move_clock(began + SIX_YEARS - DAY)
    assert refused(lambda: ConsentEvent.objects.all().delete())
    assert retention.forget_ledgers() == 0
    move_clock(began + SIX_YEARS + DAY)
    assert retention.forget_ledgers() == 3
    assert retention.forget_ledgers() == 0
    assert list(ConsentEvent.objects.values_list("user", "given")) == [(person.pk, False)]
    assert not Erasure.objects.exists()
