"""What is told in confidence, and what is written for oneself alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Concern, Reflection
from circles.services import confidence
from cohorts.models import Cohort
from outbox.delivery import deliver_all
from privacy import registry
from privacy.models import AuditEvent
from tests.circles.circle import Published, published
from tests.factories import CoordinatorFactory, SessionFactory, StaffFactory

SECRET = "He talks over me every time"


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 12, 23))
    return published(dt.date(2026, 10, 1))


def stored(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchall())


def told(ours: Published) -> Concern:
    return confidence.raise_concern(enrolment=ours.members[0], text=SECRET)


def test_a_concern_is_unreadable_in_the_database_and_no_mail_or_trail_says_what_it_is(ours: Published) -> None:
    concern = told(ours)
    confidence.take_up(concern=concern, by=StaffFactory())
    confidence.take_up(concern=concern, by=StaffFactory())
    deliver_all()
    assert SECRET not in stored("SELECT text FROM circles_concern")
    assert [letter.subject for letter in mail.outbox] == [
        "We have your message", "Somebody is looking into your message",
    ]  # fmt: skip
    assert not any("talks over" in str(letter.message()) or "oncern" in letter.body for letter in mail.outbox)
    assert all(ours.members[0].user.email in letter.to[0] for letter in mail.outbox)
    assert SECRET not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_it_is_due_in_three_working_days(ours: Published) -> None:
    assert told(ours).due_on == dt.date(2026, 12, 30)  # Christmas Day, the substitute day and a weekend lie between


def test_it_is_closed_only_by_saying_what_came_of_it(ours: Published) -> None:
    lead, concern = StaffFactory(), told(ours)
    with pytest.raises(confidence.NoOutcomeError):
        confidence.close(concern=concern, by=lead)
    confidence.write_outcome(concern=concern, outcome="We spoke with both.", by=lead)
    confidence.close(concern=concern, by=lead)
    concern.refresh_from_db()
    assert (concern.acknowledged_by, concern.closed_by) == (lead, lead)


def test_the_team_sees_it_on_its_desk_and_every_reading_is_recorded(client: Client, ours: Published) -> None:
    lead, concern = StaffFactory(), told(ours)
    client.force_login(lead)
    assert "A concern to be taken up by" in client.get(reverse("admin:index")).content.decode()
    page = reverse("admin:circles_concern_change", args=[concern.pk])
    assert SECRET in client.get(page).content.decode()
    [line] = AuditEvent.objects.filter(verb="concern.read", actor=lead)
    title = "Who of the team read your concerns"
    assert registry.export(concern.enrolment.user)[title] == [{"Read on": line.at, "By": str(lead)}]
    listed = client.get(reverse("admin:circles_concern_changelist"))
    assert SECRET not in listed.content.decode()


def test_nobody_of_the_team_reads_what_may_be_about_themselves(ours: Published) -> None:
    mentor, coordinator, other = ours.lead.user, StaffFactory(), StaffFactory()
    CoordinatorFactory(user=coordinator, organisation=ours.members[0].organisation)
    told(ours)
    seen = [Concern.objects.readable_by(person).count() for person in (mentor, coordinator, other)]
    assert seen == [0, 0, 1]


def test_a_reflection_is_its_writers_alone_and_leaves_no_trail(client: Client, ours: Published) -> None:
    me, session = ours.members[0], SessionFactory(circle=ours.circle)
    before = AuditEvent.objects.count()
    client.force_login(me.user)
    client.post(reverse("portal:reflection", args=[session.pk]), {"text": SECRET})
    assert SECRET not in stored("SELECT text FROM circles_reflection")
    assert AuditEvent.objects.count() == before
    own = reverse("portal:reflections", args=[me.pk])
    assert SECRET in client.get(own).content.decode()
    for person in (ours.members[1].user, ours.lead.user, StaffFactory()):
        client.force_login(person)
        assert client.get(own).status_code == 404
        assert SECRET not in client.get(reverse("portal:reflection", args=[session.pk])).content.decode()
    client.force_login(me.user)
    client.post(reverse("portal:reflection", args=[session.pk]), {"text": " "})
    assert not Reflection.objects.exists()


def test_reflections_go_ninety_days_after_the_cohort_has_closed(ours: Published, move_clock: Callable) -> None:
    session = SessionFactory(circle=ours.circle)
    confidence.reflect(session=session, enrolment=ours.members[0], text=SECRET)
    Cohort.objects.update(closed_at=clock.now())
    move_clock(dt.date(2026, 12, 23) + dt.timedelta(days=89))
    assert confidence.forget_old() == 0
    move_clock(dt.date(2026, 12, 23) + dt.timedelta(days=91))
    assert (confidence.forget_old(), confidence.forget_old()) == (1, 0)


def test_both_are_exported_to_their_writer_and_erased(ours: Published) -> None:
    me, other = ours.members
    told(ours)
    confidence.reflect(session=SessionFactory(circle=ours.circle), enrolment=me, text="Mine alone")
    held = str(registry.export(me.user))
    assert SECRET in held
    assert "Mine alone" in held
    assert SECRET not in str(registry.export(other.user))
    registry.erase(me.user)
    assert not Concern.objects.exists()
    assert not Reflection.objects.exists()
