"""Circles meet: replies, attendance, ceremonies."""

import datetime as dt
from random import Random

from accounts import clock
from circles.models import Circle, Session
from circles.services import attendance, polls
from circles.services import sessions as session_services
from cohorts.models import Cohort, Event
from participants.models import Enrolment, Reply
from participants.services import reply_to_event
from staff.demonstration.check_ins import check_in

LINK = "https://meet.example/circle-{number}"
ANSWERS = ["yes", "yes", "if_need_be", "yes", "no"]
PLACES = 12
MISSES_EVERYTHING_FROM = 2  # the absent mentor comes to the first session only


def lead_of(circle: Circle) -> Enrolment | None:
    seat = circle.memberships.current().filter(seat=0).select_related("enrolment__user").first()
    return seat.enrolment if seat else None


def sitting(circle: Circle) -> list[Enrolment]:
    return [seat.enrolment for seat in circle.memberships.current().select_related("enrolment__user")]


def set_links(cohort: Cohort) -> None:
    for circle in cohort.circles.all():
        if lead := lead_of(circle):
            session_services.set_meeting_link(circle=circle, join_url=LINK.format(number=circle.number), by=lead.user)


def how_often(enrolments: list[Enrolment], random: Random) -> dict[object, float]:
    """How likely each person is to come: most nearly always, some hardly ever."""
    return {e.pk: random.choice([0.95, 0.9, 0.9, 0.8, 0.8, 0.35]) for e in enrolments}


def absent_mentor(cohort: Cohort) -> Enrolment | None:
    """In a running cohort the lead of the second circle has stopped coming."""
    circle = cohort.circles.filter(number=2).first() if cohort.closed_at is None else None
    return lead_of(circle) if circle and circle.capacity > 1 else None


def hold(cohort: Cohort, until: dt.datetime, random: Random, *, absent: Enrolment | None) -> None:
    """Live through every session that has begun by `until`, in the order in which they happened."""
    due = Session.objects.planned().filter(circle__cohort=cohort, starts_at__lt=until).select_related("circle")
    likely: dict[object, float] = {}
    moods = Random(f"check-ins {cohort}")  # noqa: S311 - its own, so that nothing else depends on who answers
    for session in due.order_by("starts_at"):
        people = sitting(session.circle)
        likely |= {pk: chance for pk, chance in how_often(people, random).items() if pk not in likely}
        coming = {e.pk for e in people if random.random() < likely[e.pk]}
        if absent and session.number >= MISSES_EVERYTHING_FROM:
            coming.discard(absent.pk)
        _live_through(session, people, coming, random)
        check_in(session, [one for one in people if one.pk in coming], moods)


def _live_through(session: Session, people: list[Enrolment], coming: set[object], random: Random) -> None:
    clock.move_to(session.starts_at - dt.timedelta(days=3))
    for enrolment in people:
        if random.random() < 0.8:
            answer = Reply.YES if enrolment.pk in coming else Reply.NO
            session_services.reply(session=session, enrolment=enrolment, reply=answer)
    clock.move_to(session.ends_at + dt.timedelta(minutes=5))
    by = next((e.user for e in people if e.pk in coming), people[0].user)
    attendance.record_all(session=session, came=coming, by=by)


def reply_to_next(cohort: Cohort, random: Random) -> None:
    """Some have said already whether they come to the next session."""
    for circle in cohort.circles.all():
        upcoming = circle.sessions.upcoming().first()
        for enrolment in sitting(circle) if upcoming else []:
            if random.random() < 0.5:
                reply = random.choice([Reply.YES, Reply.YES, Reply.YES, Reply.NO, Reply.MAYBE])
                session_services.reply(session=upcoming, enrolment=enrolment, reply=reply)


def propose_dates(cohort: Cohort) -> None:
    """The first circle that meets again chooses among three dates for its last session; most have answered."""
    circle = next((one for one in cohort.circles.all() if lead_of(one) and one.sessions.upcoming().exists()), None)
    lead = lead_of(circle) if circle else None
    if circle is None or lead is None:
        return
    last = circle.sessions.upcoming().order_by("starts_at").last()
    days = [last.starts_at + dt.timedelta(days=n) for n in (1, 2, 7)]
    closes = clock.now() + dt.timedelta(days=5)
    try:
        poll = polls.open_poll(circle=circle, session=last, starts=days, closes_at=closes, by=lead.user)
    except session_services.SessionError:  # too near the end of the programme for another day
        return
    for n, enrolment in enumerate(sitting(circle)[:-2]):
        answers = {date.pk: ANSWERS[(n + at) % len(ANSWERS)] for at, date in enumerate(poll.dates.all())}
        polls.answer_poll(poll=poll, enrolment=enrolment, answers=answers)


def fill_masterclass(cohort: Cohort) -> None:
    """A masterclass in a fortnight with fewer places than people who want to come."""
    starts_at = (clock.now() + dt.timedelta(days=14)).replace(hour=12, minute=0, second=0, microsecond=0)
    event = Event.objects.create(
        cohort=cohort, kind=Event.Kind.MASTERCLASS, title="Negotiating with confidence", starts_at=starts_at,
        speakers="Amara Quill, negotiator and author", capacity=PLACES,
        description="A guest mentor on preparing for the conversations that matter.",
    )  # fmt: skip
    everybody = [enrolment for circle in cohort.circles.all()[:3] for enrolment in sitting(circle)]
    for enrolment in everybody[: PLACES + 4]:
        reply_to_event(event=event, enrolment=enrolment, reply=Reply.YES)


def reply_to_ceremony(cohort: Cohort, kind: str, random: Random) -> None:
    event = Event.objects.filter(cohort=cohort, kind=kind).first()
    for circle in cohort.circles.all() if event else []:
        for enrolment in sitting(circle):
            if random.random() < 0.7:
                reply_to_event(event=event, enrolment=enrolment, reply=random.choice([Reply.YES, Reply.YES, Reply.NO]))
