"""Questions about sessions, replies and attendance."""

import datetime as dt
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from circles import links
from circles.models import (
    Action,
    AgendaItem,
    AgendaVote,
    Attendance,
    Circle,
    Membership,
    Notice,
    Poll,
    Session,
    SessionNote,
    StandIn,
)
from cohorts.models import Cohort, Event
from participants.models import Enrolment, EventReply


def circle_of(person: User | Enrolment) -> Circle | None:
    """The circle that a person sits in today; of several (in different cohorts) the newest. None without one."""
    mine = {"enrolment": person} if isinstance(person, Enrolment) else {"enrolment__user": person}
    seat = Membership.objects.current().filter(**mine).select_related("circle__cohort__format")
    membership = seat.order_by("-circle__cohort__launch_from").first()
    return membership.circle if membership else None


def membership_in(circle: Circle, user: User) -> Membership | None:
    """A person's seat in a circle today, with their enrolment."""
    seats = circle.memberships.current().filter(enrolment__user=user)
    return seats.select_related("enrolment__user").first()


def own_seat(circle: UUID, user: User) -> Membership | None:
    """A person's seat of today in a circle, which comes with its cohort, and whether something `is_polled` there, and
    it `has_notices` and `has_actions`."""
    return _seat_of(_seat_in(circle, user.pk), user)


def own_seat_at(session: UUID, user: User) -> Membership | None:
    """A person's seat of today in the circle of a session."""
    return _seat_of(_seat_at(session, user.pk), user)


def _seat_of(found: list[Membership], user: User) -> Membership | None:
    for seat in found:
        seat.enrolment.user = user
        seat.enrolment.cohort = seat.circle.cohort
    return found[0] if found else None


@prepared
def _seat_in(circle: UUID, user: UUID) -> QuerySet[Membership]:
    polls, notices = Poll.objects.undecided(), Notice.objects.up()
    here = {"is_polled": polls, "has_notices": notices, "has_actions": Action.objects.filter(done_at=None)}
    there = {name: Exists(rows.filter(circle=OuterRef("circle"))) for name, rows in here.items()}
    return _seats(user).filter(circle=circle).annotate(**there)


@prepared
def _seat_at(session: UUID, user: UUID) -> QuerySet[Membership]:
    return _seats(user).filter(circle__sessions=session)


def _seats(user: UUID) -> QuerySet[Membership]:
    seats = Membership.objects.current().filter(enrolment__user=user)
    return seats.select_related("circle__cohort__format", "enrolment")


@prepared
def sessions_with_reply(circle: UUID, enrolment: UUID) -> QuerySet[Session]:
    """A circle's sessions in order, each with a person's `own_reply`, blank before they have answered."""
    mine = Attendance.objects.filter(session=OuterRef("pk"), enrolment=enrolment).values("reply")[:1]
    return Session.objects.filter(circle=circle).annotate(own_reply=Coalesce(Subquery(mine), Value("")))


@prepared
def session_for(session: UUID, enrolment: UUID) -> QuerySet[Session]:
    """A session, what is known of one person and it, its circle’s open agenda, and whether there is more to read."""
    mine = Attendance.objects.filter(session=OuterRef("pk"), enrolment=enrolment)
    open_items = AgendaItem.objects.filter(circle=OuterRef("circle"), done_at=None)
    return Session.objects.filter(pk=session).annotate(
        own_reply=Coalesce(Subquery(mine.values("reply")[:1]), Value("")),
        own_attended=Subquery(mine.values("attended")[:1]),
        open_agenda=ArraySubquery(_ordered(open_items).values("text")),
        has_note=Exists(SessionNote.objects.filter(session=OuterRef("pk"))),
        has_stand_in=Exists(StandIn.objects.current().filter(session=OuterRef("pk"))),
    )


def sessions_for(user: User) -> QuerySet[Session]:
    """The sessions of the circles that a person sits in today."""
    mine = Session.objects.filter(circle__in=Circle.objects.of(user))
    return mine.select_related("circle__cohort__format")


def agenda_for(user: User) -> QuerySet[AgendaItem]:
    """The agenda items of the circles that a person sits in today."""
    return AgendaItem.objects.filter(circle__in=Circle.objects.of(user)).select_related("circle__cohort__format")


def agenda_of(circle: Circle, enrolment: Enrolment | None = None) -> list[AgendaItem]:
    """What a circle wants to talk about: what is open first, what most want first; `votes_in`, and `voted` by whom."""
    if enrolment is not None:
        return _agenda(circle.pk, enrolment.pk)
    return list(_ordered(AgendaItem.objects.filter(circle=circle).annotate(voted=Value(False))))


@prepared
def _agenda(circle: UUID, enrolment: UUID) -> QuerySet[AgendaItem]:
    mine = AgendaVote.objects.filter(item=OuterRef("pk"), enrolment=enrolment)
    return _ordered(AgendaItem.objects.filter(circle=circle).annotate(voted=Exists(mine)))


def _ordered(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    counted = items.annotate(votes_in=Count("votes"))
    return counted.order_by(F("done_at").asc(nulls_first=True), "-votes_in", "created_at")


def events_for(user: User) -> QuerySet[Event]:
    """The ceremonies and masterclasses of the cohorts in which a person has a seat."""
    cohorts = Cohort.objects.filter(circles__in=Circle.objects.of(user))
    return Event.objects.filter(cohort__in=cohorts).select_related("cohort__format")


def next_session(circle: Circle) -> Session | None:
    """The next session that is still to come."""
    return circle.sessions.upcoming().order_by("starts_at").first()


def fact_of(session: Session, enrolment: Enrolment) -> Attendance | None:
    """What is known of one person and session; None before anything is."""
    return session.attendances.filter(enrolment=enrolment).first()


def reply_of(session: Session, enrolment: Enrolment) -> str:
    """A person's reply to a session; blank before they have answered."""
    fact = fact_of(session, enrolment)
    return fact.reply if fact else ""


def seat_by_link(token: str) -> tuple[Membership | None, Session | None]:
    """The seat and the session that a link of one's own stands for; nothing once the person has left."""
    keys = links.read(token, "s")
    if keys is None:
        return None, None
    session = Session.objects.select_related("circle__cohort__format").filter(pk=keys[0]).first()
    seats = Membership.objects.current().filter(enrolment=keys[1]).select_related("enrolment__user")
    seat = seats.filter(circle=session.circle_id).first() if session else None
    return seat, session


def enrolment_for_event(event: Event, user: User) -> Enrolment:
    """The enrolment with which somebody comes to an event of its cohort."""
    return event.cohort.enrolments.get(user=user)


def enrolment_by_link(token: str) -> tuple[Event | None, Enrolment | None]:
    """The event and the enrolment that a link of one's own stands for; nothing once the person has left."""
    keys = links.read(token, "e")
    if keys is None:
        return None, None
    event = Event.objects.select_related("cohort__format").filter(pk=keys[0]).first()
    seated = Enrolment.objects.filter(pk=keys[1], memberships__left_at__isnull=True, memberships__isnull=False)
    return event, seated.filter(cohort=event.cohort_id).first() if event else None


def event_reply_of(event: Event, enrolment: Enrolment) -> str:
    """A person's reply to an event; blank before they have answered."""
    replies = EventReply.objects.filter(event=event, enrolment=enrolment)
    return replies.values_list("reply", flat=True).first() or ""


def attended_count(enrolment: Enrolment) -> int:
    """How many sessions a person came to; a cancelled one counts for nobody."""
    return enrolment.attendances.filter(attended=True, session__state=Session.State.PLANNED).count()


# Who was seated when a circle was made was in it from its first session, also in a cohort that is loaded afterwards.
SEATED_WITH_IT = dt.timedelta(days=1)


def sat_through(membership: str, session: str, circle: str) -> Q:
    """Whether a session that has begun found a person in a seat of its circle; the arguments are paths to the three."""
    begun = Q(**{f"{session}state": Session.State.PLANNED, f"{session}starts_at__lte": clock.now()})
    from_start = Q(**{f"{membership}created_at__lte": F(f"{circle}created_at") + SEATED_WITH_IT})
    in_time = Q(**{f"{membership}created_at__lte": F(f"{session}starts_at")})
    not_left = Q(**{f"{membership}left_at__isnull": True}) | Q(**{f"{membership}left_at__gt": F(f"{session}starts_at")})
    return begun & (from_start | in_time) & not_left


def sessions_open_to(enrolment: Enrolment) -> QuerySet[Session]:
    """The sessions that have begun and that a person could come to: of each of their circles while they sat in it."""
    seat = Q(circle__memberships__enrolment=enrolment)
    return Session.objects.filter(seat & sat_through("circle__memberships__", "", "circle__")).distinct()


def held_count(enrolment: Enrolment) -> int:
    """How many sessions a person could have come to, whichever circle they sat in."""
    return sessions_open_to(enrolment).count()


def first_start_and_last_end(cohort: Cohort) -> tuple[dt.datetime, dt.datetime] | None:
    """From the start of the cohort's first session to the end of its last; None before circles are published."""
    return next(iter(_first_and_last(cohort.pk)), None)


_LASTS = ExpressionWrapper(F("minutes") * Value(dt.timedelta(minutes=1)), output_field=DurationField())
_ENDS = ExpressionWrapper(F("starts_at") + _LASTS, output_field=DateTimeField())


@prepared
def _first_and_last(cohort: UUID) -> QuerySet[Session, tuple[dt.datetime, dt.datetime]]:
    sessions = Session.objects.planned().filter(circle__cohort=cohort).order_by().values("circle__cohort")
    return sessions.annotate(first=Min("starts_at"), last=Max(_ENDS)).values_list("first", "last")


def how_far() -> dict[str, Exists]:
    """For a query of what has a cohort: whether sessions are planned there, the first has begun, and one goes on or is
    to come. The same as `first_start_and_last_end` beside the time, without a query of its own."""
    planned, now = Session.objects.planned().filter(circle__cohort=OuterRef("cohort")).order_by(), clock.now()
    return {
        "is_planned": Exists(planned),
        "has_begun": Exists(planned.filter(starts_at__lte=now)),
        "goes_on": Exists(planned.annotate(ends=_ENDS).filter(ends__gt=now)),
    }
