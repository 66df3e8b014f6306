"""Where answers to messages go."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from circles.services import sessions
from cohorts.forms import CohortForm
from cohorts.models import Cohort
from cohorts.replies import cohort_id_of
from outbox import batch, kinds
from outbox.delivery import deliver_all
from outbox.models import Message
from tests.circles.circle import published
from tests.factories import CertificateFactory, CohortFactory, InterestFactory, NominationFactory, UserFactory

pytestmark = pytest.mark.django_db
OURS = "cohort15@comc.example"


def test_answers_go_to_the_people_of_the_cohort_and_the_organiser_stays(move_clock: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    circle = published(dt.date(2026, 10, 1))
    Cohort.objects.update(reply_address=OURS)
    (session, *_) = sessions.plan_sessions(circle=circle.circle, by=None)
    sessions.invite(session=session, enrolment=circle.lead)
    deliver_all()
    (sent,) = [message for message in mail.outbox if "session" in message.subject]
    assert sent.reply_to == [OURS]
    (part,) = [str(body) for body, kind in sent.alternatives if kind.startswith("text/calendar")]
    assert "mailto:programme@comc.example" in part.replace("\r\n ", "")
    assert OURS not in part


def test_they_go_to_the_programme_where_a_cohort_has_no_address_or_there_is_no_cohort() -> None:
    user = UserFactory()
    for about in (NominationFactory(), InterestFactory(), user):
        message = Message(kind="x", about=about)
        assert kinds.reply_address(message) == "programme@comc.example"


def test_the_cohort_of_a_row_is_found_by_the_way_it_hangs_together() -> None:
    certificate = CertificateFactory()
    assert cohort_id_of(certificate) == certificate.enrolment.cohort_id
    assert cohort_id_of(UserFactory()) is None
    assert cohort_id_of(None) is None


def test_the_addresses_are_read_once_for_a_batch(count_queries: Callable[[Callable], int]) -> None:
    nomination = NominationFactory()
    message = Message(kind="x", about=nomination)

    def ask(times: int) -> None:
        with batch.begun():
            for _ in range(times):
                kinds.reply_address(message)

    assert count_queries(lambda: ask(1)) == count_queries(lambda: ask(9)) == 1


def test_an_address_that_is_not_the_programmes_is_refused_and_never_used() -> None:
    cohort = CohortFactory()
    for address, ours in ((OURS, True), ("cohort15@Comc.Example", True), ("a@elsewhere.example", False), ("", True)):
        form = CohortForm({"reply_address": address}, instance=cohort)
        assert ("reply_address" not in form.errors) == ours
    (fault,) = CohortForm({"reply_address": "a@evil-comc.example"}, instance=cohort).errors["reply_address"]
    assert fault == "Enter an address of the programme’s own, ending in @comc.example."
    Cohort.objects.update(reply_address="a@elsewhere.example")
    assert kinds.reply_address(Message(kind="x", about=cohort)) == "programme@comc.example"
