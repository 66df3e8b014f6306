"""Who has accepted and not finished enrolling is reminded, and no longer once they have."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from accounts.clock import LONDON
from cohorts import reminders
from cohorts.reminders import When
from cohorts.services import default_reminder_rules
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.services.enrolment_reminders import queue_enrolment_reminders
from portal import coordinating
from tests.factories import CohortFactory, EnrolmentFactory, NominationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db
KIND = "participants.unfinished"


def test_reminded_after_days_until_finished(move_clock: Callable) -> None:
    def day(number: int) -> None:
        move_clock(dt.datetime(2026, 6, number, 10, tzinfo=LONDON))
        queue_enrolment_reminders()
        deliver_all()

    move_clock(dt.datetime(2026, 6, 1, 9, 30, tzinfo=LONDON))
    cohort = CohortFactory(launch=dt.date(2026, 10, 1))
    default_reminder_rules(cohort)
    part = ParticipationFactory(cohort=cohort, places={"mentee": 3})
    slow, quick, gone = (
        EnrolmentFactory(
            cohort=cohort, organisation=part.organisation, state=state, agreed_at=None,
            nomination=NominationFactory(participation=part, state="accepted"),
        )
        for state in ("started", "started", "withdrawn")
    )  # fmt: skip
    day(3)
    assert not Message.objects.filter(kind=KIND).exists()
    day(4)
    day(4)
    assert set(Message.objects.filter(kind=KIND).values_list("recipient", flat=True)) == {slow.user_id, quick.user_id}
    assert f"/enrolment/{slow.pk}/" in "".join(letter.body for letter in mail.outbox)
    quick.state, quick.agreed_at = "enrolled", quick.created_at
    quick.save()
    day(8)
    assert Message.objects.filter(kind=KIND, recipient=slow.user).count() == 2
    assert Message.objects.filter(kind=KIND, recipient=quick.user).count() == 1
    rule = cohort.reminder_rules.select_related("cohort__format").get(kind="enrolment", days=14)
    found = {one.to: (one.when, one.why) for one in reminders.for_rule(rule)}
    assert found[slow.user][0] == When.LATER
    assert found[quick.user] == (When.NOT, "They have finished enrolling.")
    assert found[gone.user] == (When.NOT, "They do not take part.")
    desk = coordinating.desk(part)
    assert "we reminded them on Monday 8 June 2026" in str(coordinating.roles(desk))
    assert [summary.enrolled for summary in desk.summaries if summary.role == "mentee"] == [1]
    cohort.published_at = slow.created_at
    cohort.save()
    day(15)
    assert Message.objects.filter(kind=KIND).count() == 3
