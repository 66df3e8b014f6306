"""Reminders to who has not answered: seldom, to whom it reaches, and why not to the others."""

import datetime as dt

import pytest

from organisations.models import Participation
from outbox.models import Message, Suppression
from participants import emails, services
from participants.reminding import in_brief, reminding, silent_of, written_to
from participants.services import RefusedError, accept_nomination, nominate, replace_nomination, send_again
from privacy.models import AuditEvent
from tests.factories import CohortFactory, CoordinatorFactory, ParticipationFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 2)


@pytest.fixture
def part(move_clock):
    move_clock(MONDAY)
    part = ParticipationFactory(cohort=CohortFactory(launch=dt.date(2027, 1, 18)), places={"mentee": 4, "mentor": 1})
    part.by = CoordinatorFactory(organisation=part.organisation).user
    return part


def put(part, number, **values):
    given = {"role": "mentee", "first_name": "Nia", "last_name": f"Person{number}", "reason": "", "by": part.by}
    return nominate(participation=part, email=f"p{number}@employer.example", **given | values)


def now(part):
    people = list(part.nominations.all())
    return reminding(part, people, written_to(people))


def remind(part, *people):
    return services.remind_nominees(participation=part, chosen={one.pk for one in people}, by=part.by)


def test_nobody_is_written_to_again_within_three_working_days(part, move_clock):
    first, other = put(part, 1), put(part, 2)
    accept_nomination(nomination=other)
    assert now(part).next_on == dt.date(2026, 11, 5)
    with pytest.raises(RefusedError, match="written to lately"):
        remind(part, first)

    move_clock(dt.date(2026, 11, 5))
    assert now(part).due == [first]
    assert [one.why for one in now(part).others] == ["Has accepted"]
    assert remind(part, first, other) == [first]

    assert now(part).due == []
    # Friday, Monday and Tuesday lie between.
    assert now(part).next_on == dt.date(2026, 11, 10)
    mail = Message.objects.get(kind=emails.REMINDED)
    assert (mail.address, mail.about) == (first.email, first)
    assert AuditEvent.objects.get(verb="nominations.reminded").data == {"people": 1}


def test_an_organisation_may_do_so_three_times_a_day_in_all_its_cohorts(part, move_clock):
    people = [put(part, n) for n in range(4)]
    move_clock(dt.date(2026, 11, 5))
    for one in people[:3]:
        remind(part, one)
    assert (now(part).possible, now(part).next_on) == (False, dt.date(2026, 11, 6))
    with pytest.raises(RefusedError, match="3 times today"):
        remind(part, people[3])


def test_who_cannot_be_reached_or_has_nothing_to_answer_is_named_with_the_reason(part, move_clock):
    gone = put(part, 1)
    waits = [put(part, n) for n in range(2, 6)][-1]
    Suppression.objects.create(address=gone.email, why="bounced")
    move_clock(dt.date(2026, 11, 5))
    why = {one.nomination: one.why for one in now(part).others}
    assert "came back" in why[gone]
    assert "reserve list" in why[waits]
    assert len(now(part).due) == 3


def test_the_home_counts_as_the_page_does(part, move_clock):
    def brief():
        own = Participation.objects.annotate(silent=silent_of()).get(pk=part.pk)
        return in_brief(own.silent, part.cohort.bank_holidays)

    gone, *_ = [put(part, n) for n in range(1, 4)]
    Suppression.objects.create(address=gone.email.upper(), why="bounced")
    assert brief() == (1, 0)
    assert not now(part).due
    move_clock(dt.date(2026, 11, 5))
    assert brief() == (1, 2)
    assert len(now(part).due) == 2
    remind(part, now(part).due[0])
    assert brief() == (1, 1)
    accept_nomination(nomination=now(part).due[0])
    assert brief() == (1, 0)


def test_after_the_last_day_nobody_is_reminded(part, move_clock):
    first = put(part, 1)
    move_clock(part.cohort.recruitment_until + dt.timedelta(days=1))
    assert (now(part).possible, now(part).next_on) == (False, None)
    with pytest.raises(RefusedError, match="closed"):
        remind(part, first)


def test_an_invitation_is_sent_again_three_times_a_day_at_most(part):
    first = put(part, 1)
    for _ in range(2):
        send_again(nomination=first, by=part.by)
    with pytest.raises(RefusedError, match="3 times today"):
        send_again(nomination=first, by=part.by)


def test_somebody_else_takes_the_place_before_the_reserve_list(part):
    people = [put(part, n) for n in range(5)]
    given = {"first_name": "Ola", "last_name": "New", "email": "ola@employer.example", "reason": "", "by": part.by}
    made = replace_nomination(nomination=people[0], **given)
    states = list(part.nominations.order_by("created_at").values_list("state", flat=True))
    assert (made.state, states) == ("invited", ["withdrawn", *["invited"] * 3, "reserve", "invited"])
    with pytest.raises(RefusedError, match="already been put forward"):
        replace_nomination(nomination=people[1], **given)
    people[1].refresh_from_db()
    assert people[1].state == "invited"


def test_a_coordinator_who_has_left_hears_no_more_of_it(part):
    from outbox import kinds

    first = put(part, 1)
    services.decline_nomination(nomination=first)
    mail = Message.objects.get(kind=emails.NOT_TAKING_PART)
    assert kinds.get(mail.kind).still_due(mail) == ""
    part.organisation.coordinators.update(ended_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    assert "not a coordinator" in kinds.get(mail.kind).still_due(mail)
