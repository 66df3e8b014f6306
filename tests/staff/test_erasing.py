"""Erasing a person: settled first, previewed, done everywhere at once, and kept done (G-10, G-11)."""

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from circles.models import Attendance, Certificate, Circle
from outbox.models import Message
from participants.emails import NOMINATED, invite
from participants.models import Enrolment, Nomination
from privacy import erasure
from privacy.erasure_requests import answer_by, ask
from privacy.models import AuditEvent, Erasure
from privacy.services import set_consent
from staff import attention, erasing
from surveys import services as surveys
from surveys.models import Snapshot
from tests.factories import (
    CoordinatorFactory,
    InterestFactory,
    NominationFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
)
from tests.surveys.people import answer, cohort_with_sessions, seated
from tests.surveys.test_check_ins import ENDED

pytestmark = pytest.mark.django_db
SECRETS = ["Zuleikha", "Quartermaine", "zq@employer.example", "SECRET"]


def everything() -> str:
    """Every value of every row of every table, decrypted where it is encrypted."""
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values_list())


@pytest.fixture
def person(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    """Somebody who has said and done everything, in a cohort that is over, and another one beside them."""
    cohort = cohort_with_sessions()
    me, other = (seated(cohort, goal_note="SECRET goal", access_needs="SECRET need", job_title="SECRET job")
                 for _ in range(2))  # fmt: skip
    Enrolment.objects.filter(pk=other.pk).update(goal_note="theirs", access_needs="", job_title="theirs")
    User.objects.filter(pk=me.user_id).update(
        first_name="Zuleikha", last_name="Quartermaine", email="zq@employer.example", sort_name="quartermaine zuleikha"
    )
    me.user.refresh_from_db()
    participation = ParticipationFactory(organisation=me.organisation, cohort=cohort)
    nominated = NominationFactory(
        participation=participation, first_name="Zuleikha", last_name="Quartermaine", email="zq@employer.example",
        state="accepted", reason="SECRET reason",
    )  # fmt: skip
    Enrolment.objects.filter(pk=me.pk).update(nomination=nominated)
    invite(nominated)
    InterestFactory(contact_name="Zuleikha Quartermaine", contact_email="ZQ@employer.example", message="SECRET")
    circle = Circle.objects.filter(cohort=cohort).first()
    session = circle.sessions.first() or SessionFactory(circle=circle)
    Attendance.objects.update_or_create(session=session, enrolment=me, defaults={"reply": "yes", "attended": True})
    Certificate.objects.create(enrolment=me, sessions_attended=5, sessions_held=6)
    LogEntry.objects.create(
        user=StaffFactory(), content_type=ContentType.objects.get_for_model(User), object_id=str(me.user_id),
        object_repr="Zuleikha Quartermaine", action_flag=2,
    )  # fmt: skip
    set_consent(user=me.user, purpose="evaluation", given=True, how="enrolment")
    answer(me, "pre", 4)
    surveys.rate_goals(enrolment=me, ratings={None: (2, 4)})
    move_clock(ENDED)
    return me


def close(cohort) -> None:  # type: ignore[no-untyped-def]
    Enrolment.objects.filter(cohort=cohort).update(state="completed")
    type(cohort).objects.filter(pk=cohort.pk).update(closed_at=ENDED)


def test_nothing_of_them_is_left_and_all_of_the_others(person, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lead, user = StaffFactory(), person.user
    assert [one.says for one in erasing.obstacles(user)] == [f"They take part in {person.cohort}."]
    with pytest.raises(ValidationError):
        erasing.erase_person(user=user, by=lead)
    close(person.cohort)
    snapshot = Snapshot.objects.create(cohort=person.cohort, kind="reach", figures={}, digest="0" * 64)

    shown = erasure.preview(user)
    assert {"Nominations", "Certificates"} <= {line.what for line in shown.goes}
    assert "Enrolments" in {line.what for line in shown.stays}
    assert all(line.kept_for for line in [*shown.stays, *shown.kept])

    done = erasing.erase_person(user=user, by=lead)
    left = everything()
    for secret in SECRETS:
        assert secret.casefold() not in left.casefold(), secret
    assert "theirs" in left
    person.refresh_from_db()
    assert (person.state, person.job_title, person.meets_at) == ("completed", "", [])
    assert Attendance.objects.get(enrolment=person).attended
    assert Nomination.objects.get(enrolment=person).erased_at
    assert Snapshot.objects.get() == snapshot
    assert AuditEvent.objects.filter(verb="person.erased", actor=lead).exists()
    assert done.address_digest
    assert "zq" not in done.address_digest

    # A second run finds nothing; an older backup is cleaned from the list.
    assert erasure.erase(User.objects.get(pk=user.pk)) == 0
    with pytest.raises(ValidationError):
        erasing.erase_person(user=user, by=lead)
    kept = tmp_path / "erased"
    kept.write_text(f"{user.pk}\n")
    User.objects.filter(pk=user.pk).update(first_name="Zuleikha", email="zq@employer.example", is_active=True)
    call_command("erasures", "--replay", str(kept))
    assert "Zuleikha" not in everything()

    # Whoever is put forward at that address is not written to.
    again = NominationFactory(email="zq@employer.example")
    invite(again)
    from outbox import kinds

    message = Message.objects.get(kind=NOMINATED, object_id=again.pk)
    assert kinds.get(NOMINATED).still_due(message) == "Whoever has this address asked to be erased."


def test_from_the_request_to_the_answer(client: Client, person) -> None:  # type: ignore[no-untyped-def]
    close(person.cohort)
    user, lead, page = person.user, StaffFactory(), reverse("admin:erase_person", args=[person.user_id])
    client.force_login(user)
    asked = reverse("portal:ask_erasure")
    assert client.post(asked, {"act": "ask"}).status_code == 302
    assert client.post(asked, {"act": "take_back"}).status_code == 302
    assert not Erasure.objects.exists()
    client.post(asked, {"act": "ask"})
    assert "You have an answer by" in client.get(asked).content.decode()

    def listed() -> list[str]:
        found = attention.gather(attention.RULES, lead, [])[None]
        return [item.evidence for one in found if one.rule.key == "erasure_asked" for item in one.items]

    assert str(user) in listed()[0]
    client.force_login(lead)
    assert client.post(page, {"act": "erase"}).status_code == 200  # the box is not ticked
    assert not erasure.is_erased(User.objects.get(pk=user.pk))
    assert client.post(page, {"act": "erase", "understood": "on"}).status_code == 302
    assert listed()[0].startswith("Erased on")
    assert "Tell those who work" in client.get(page).content.decode()
    assert client.post(page, {"act": "told"}).status_code == 302
    assert attention.gather(attention.RULES, lead, []).get(None) is None

    other = CoordinatorFactory().user
    ask(user=other, by=other)
    page = reverse("admin:erase_person", args=[other.pk])
    assert "They coordinate" in client.get(page).content.decode()
    assert client.post(page, {"act": "refuse", "why": ""}).status_code == 200
    client.post(page, {"act": "refuse", "why": "You act for your organisation."})
    client.force_login(other)
    assert "You act for your organisation." in client.get(asked).content.decode()


def test_an_answer_is_due_a_month_later_on_a_working_day() -> None:
    days = {(2026, 1, 31): (2026, 3, 2), (2026, 11, 25): (2026, 12, 29), (2026, 12, 9): (2027, 1, 11)}
    for asked, due in days.items():
        assert answer_by(dt.date(*asked)) == dt.date(*due)
