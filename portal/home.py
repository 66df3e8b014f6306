"""What somebody's home and account show: the next thing to do first, then what they have a part in."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from circles import links
from circles.models import Attendance, Certificate, Membership, Poll, Session, StandIn
from circles.selectors.meetings import Meetings, meetings_of
from circles.selectors.people import certificates_of
from circles.selectors.polls import unanswered_by, unanswered_polls
from circles.selectors.stand_ins import standing_in
from cohorts.models import Event, Joining
from organisations.links import coordinating_token
from organisations.models import Coordinator, CoordinatorInvitation, Participation
from organisations.selectors import renewal_offers
from organisations.services.coordinating import is_answerable
from participants.models import Enrolment, EnrolmentState, EventReply, NominationState, Reply
from participants.reminding import in_brief, silent_of
from portal.coordinating import have_not_answered, mail_came_back, renewals_due, to_confirm
from portal.onboarding import Readiness, readiness
from surveys.selectors import DueCheckIn, check_ins_among, due_among, due_mid_points, is_getting_ready
from ui.dates import uk_date, uk_datetime

# How long before a ceremony its answer becomes a step; until then it is only listed.
ASKED_BEFORE = dt.timedelta(days=60)
# From when on who leads a session finds its prompts on their home.
PROMPTED_BEFORE = dt.timedelta(days=14)


@dataclass(frozen=True)
class Step:
    """One thing that waits for the person."""

    title: str
    text: str
    url: str
    action: str
    due: str = ""
    asks: Session | None = None  # whether they come to it, which one tap answers


@dataclass(frozen=True)
class Seat:
    """A circle on somebody's home; `prompts` are for who leads or arranges its next session, while it is at hand."""

    membership: Membership
    session: Session | None
    reply: str
    attended: int
    held: int
    join_token: str
    prompts: list[str]
    unrecorded: list[Session]

    @property
    def lacks_a_lead(self) -> bool:
        """Whether the person leads the next session, can’t come, and has asked nobody to do it for them."""
        leads = self.membership.is_lead and not self.membership.circle.cohort.format.is_pair
        return leads and self.session is not None and self.reply == Reply.NO and not self.session.has_stand_in

    @property
    def is_over(self) -> bool:
        return self.membership.circle.cohort.phase == "closed"

    @property
    def is_online(self) -> bool:
        return self.session is not None and self.session.mode != Session.Mode.IN_PERSON


@dataclass(frozen=True)
class Home:
    """Everything that the page shows."""

    steps: list[Step]
    seats: list[Seat]
    waiting: list[Enrolment]
    progress: list[Enrolment]
    certificates: list[Certificate]
    events: list[Event]
    participations: list[Participation]
    getting_ready: list[Readiness]

    @property
    def first(self) -> Step | None:
        """The one thing to do next."""
        return next(iter(self.steps), None)

    @property
    def then(self) -> list[Step]:
        """What waits after it; what the card of a circle asks anyway is not asked twice."""
        return [step for step in self.steps[1:] if step.asks is None]

    @property
    def asked_first(self) -> Session | None:
        return self.first.asks if self.first else None

    @property
    def has_own(self) -> bool:
        """Whether there is something for a column of its own beside where the person meets."""
        return bool(self.certificates or self.progress)

    @property
    def is_empty(self) -> bool:
        return not (self.steps or self.seats or self.waiting or self.certificates or self.participations)


def home_of(user: User) -> Home:
    """The home of one person. What few people have is looked for in one query first, and read only where it is."""
    every = _enrolments(user.pk)
    for enrolment in every:
        enrolment.user = user
    enrolments = [one for one in every if one.state != EnrolmentState.WITHDRAWN]
    meetings, signs = meetings_of(every), _signs(user, every)
    seats = [_seat(seat, found) for found in meetings.values() for seat in found.seats]
    seated = {seat.membership.enrolment_id for seat in seats}
    events = _events([seat.membership.circle.cohort_id for seat in seats], user.pk)
    participations = list(_participations(user)) if signs.coordinates else []
    ready = _getting_ready(enrolments)
    return Home(
        steps=[
            *_steps(user, signs, enrolments, seats, meetings, events),
            *_to_get_ready(ready),
            *(_asked(user) if signs.asked else ()),
            *_coordinating(participations),
        ],
        seats=seats,
        waiting=[e for e in enrolments if e.state == EnrolmentState.ENROLLED and e.pk not in seated],
        progress=[e for e in enrolments if e.state != EnrolmentState.STARTED],
        certificates=list(certificates_of(user)) if signs.certified else [],
        events=events,
        participations=participations,
        getting_ready=ready,
    )


@prepared
def _enrolments(user: UUID) -> QuerySet[Enrolment]:
    mine = Enrolment.objects.filter(user=user)
    return mine.select_related("cohort__format").order_by("-cohort__launch_from")


@dataclass(frozen=True)
class _Signs:
    """What there is of what few people have."""

    coordinates: bool
    asked: bool
    certified: bool
    stands_in: bool
    polled: bool


def _signs(user: User, enrolments: list[Enrolment]) -> _Signs:
    # The person's own key is no enrolment's; it stands in where they have none.
    return _Signs(*_signs_of(user.pk, user.email, [one.pk for one in enrolments] or [user.pk])[0])


@prepared
def _signs_of(user: UUID, email: str, enrolments: list[UUID]) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk=user).values_list(
        Exists(Coordinator.objects.filter(user=user, ended_at__isnull=True)),
        Exists(CoordinatorInvitation.objects.filter(email__iexact=email, state=CoordinatorInvitation.State.OPEN)),
        Exists(Certificate.objects.filter(enrolment__in=enrolments)),
        Exists(StandIn.objects.in_reach().filter(enrolment__in=enrolments)),
        Exists(unanswered_by(user, enrolments)),
    )


def _seat(membership: Membership, found: Meetings) -> Seat:
    session = found.next_of(membership)
    at_hand = membership.is_lead and session is not None and session.starts_at <= clock.now() + PROMPTED_BEFORE
    return Seat(
        membership=membership,
        session=session,
        reply=found.replies.get(session.pk, "") if session else "",
        attended=found.attended_count,
        held=found.held_count,
        join_token=links.token(session, membership.enrolment) if session else "",
        prompts=[line for line in session.prompts.splitlines() if line.strip()] if session and at_hand else [],
        unrecorded=found.unrecorded_of(membership) if membership.is_lead else [],
    )


def _getting_ready(enrolments: list[Enrolment]) -> list[Readiness]:
    """The lists of those who have finished enrolling, while something required is left on them."""
    mine = [one for one in enrolments if one.state == EnrolmentState.ENROLLED and is_getting_ready(one)]
    return [ready for ready in map(readiness, mine) if ready.checklist.left]


@prepared
def _events(cohorts: list[UUID], user: UUID) -> QuerySet[Event]:
    """The ceremonies and masterclasses to come, whether the person has answered, and how many have a place."""
    every = EventReply.objects.filter(event=OuterRef("pk"))
    replies, come = every.filter(enrolment__user=user), every.filter(reply=Reply.YES, waiting=False).order_by()
    come = come.exclude(enrolment__state=EnrolmentState.WITHDRAWN)
    places = Subquery(come.values("event").annotate(number=Count("pk")).values("number"))
    coming = Event.objects.standing().filter(cohort__in=cohorts, starts_at__gt=clock.now())
    return coming.annotate(is_answered=Exists(replies), places_given=Coalesce(places, 0))


def _participations(user: User) -> QuerySet[Participation]:
    """What the person coordinates: their organisations' part in cohorts."""
    mine = Participation.objects.filter(
        organisation__coordinators__user=user, organisation__coordinators__ended_at__isnull=True, withdrawn_at=None
    )
    return (
        mine.select_related("organisation", "cohort__format")
        .annotate(
            agreed=Count("places", distinct=True),
            held=Count("places", filter=Q(places__nomination__isnull=False), distinct=True),
            free=Count("places", filter=Q(places__nomination=None), distinct=True),
            unanswered=Count("nominations", filter=Q(nominations__state=NominationState.INVITED), distinct=True),
            silent=silent_of(),
            applied=Count("nominations", filter=Q(nominations__state=NominationState.APPLIED), distinct=True),
        )
        .order_by("-cohort__launch_from")
    )


# --- what waits -------------------------------------------------------------------------------
def _steps(
    user: User,
    signs: _Signs,
    enrolments: list[Enrolment],
    seats: list[Seat],
    meetings: dict[UUID, Meetings],
    events: list[Event],
) -> Iterator[Step]:
    yield from (_finish(e) for e in enrolments if e.state == EnrolmentState.STARTED)
    yield from (_led_by_nobody(seat.session) for seat in seats if seat.session and seat.lacks_a_lead)
    yield from _surveys(enrolments, seats, meetings)
    if any(enrolment.cohort.format.is_pair for enrolment in enrolments):
        yield from (_mid_point(enrolment) for enrolment in due_mid_points(user))
    yield from (_reply(seat.session) for seat in seats if seat.session and not seat.reply)
    yield from (_poll(poll) for poll in (unanswered_polls(user) if signs.polled else ()))
    yield from (_attendance(session) for seat in seats for session in seat.unrecorded)
    yield from (_lead(one.session) for one in (_stands_in_at(user) if signs.stands_in else ()))
    soon = clock.now() + ASKED_BEFORE
    yield from (_event(event) for event in events if event.starts_at <= soon and not event.is_answered)


def _surveys(enrolments: list[Enrolment], seats: list[Seat], meetings: dict[UUID, Meetings]) -> Iterator[Step]:
    """The surveys that wait, the oldest cohort first, and what is asked after a session."""
    still_meeting = {seat.membership.circle.cohort_id for seat in seats if seat.session}
    for due in due_among(enrolments[::-1], still_meeting):
        started = "Carry on" if due.started else "Start the survey"
        yield Step(f"Answer “{due.title}”", f"It takes about {due.minutes} minutes.", due.url, started)
    for enrolment in enrolments:
        if found := meetings.get(enrolment.pk):
            came = [one for one in found.came_to[::-1] if found.attended.get(one.pk) is not False]
            yield from (_check_in(due) for due in check_ins_among(enrolment, came))


def _asked(user: User) -> Iterator[Step]:
    """Whether they will coordinate, where a colleague has asked."""
    rows = CoordinatorInvitation.objects.filter(email__iexact=user.email, state=CoordinatorInvitation.State.OPEN)
    for asked in rows.select_related("organisation"):
        if is_answerable(asked):
            url = reverse("portal:coordinating", args=[coordinating_token(asked)])
            text = "A colleague has asked you. Nothing changes until you answer."
            yield Step(f"Will you coordinate for {asked.organisation}?", text, url, "See and answer")


def _coordinating(participations: list[Participation]) -> Iterator[Step]:
    """For a coordinator: what their organisation's page says is due, in the same order; of what is due last, last."""
    yield from _joining(participations)
    for due in renewals_due(renewal_offers(participations) if participations else []):
        yield Step(due.title, f"{due.text} {due.when}.", due.url, due.action)


def _joining(participations: list[Participation]) -> Iterator[Step]:
    for participation in participations:
        cohort = participation.cohort
        url = reverse("portal:organisation", args=[participation.pk])
        until = f"People can be put forward for {cohort} until {uk_date(cohort.recruitment_until)}."
        if clock.today() > cohort.recruitment_until:
            continue
        if participation.applied:
            yield Step(to_confirm(participation.applied), until, url, "See who applied")
        came_back, silent = in_brief(participation.silent, cohort.bank_holidays)
        if came_back:
            text = f"It was to somebody put forward for {cohort}. Check the address with them."
            yield Step(mail_came_back(came_back), text, f"{url}#people", "See whose")
        if participation.free:
            nominated = cohort.format.joining == Joining.NOMINATION
            action = "Put people forward" if nominated else "Pass the link round"
            free = "one free place" if participation.free == 1 else f"{participation.free} free places"
            yield Step(f"{participation.organisation} has {free}", until, url, action)
        if silent:
            remind = reverse("portal:remind_nominees", args=[participation.pk])
            answers = (
                f"They can answer for {cohort} until {uk_date(cohort.recruitment_until)}. A word from you often helps."
            )
            yield Step(have_not_answered(silent), answers, remind, "Remind them")


def _to_get_ready(found: list[Readiness]) -> Iterator[Step]:
    """The first required line of each list, once getting ready has begun; what is more urgent comes before it."""
    for ready in found:
        row, cohort = ready.next, ready.enrolment.cohort
        if row is not None and clock.today() >= cohort.onboarding_from:
            page = reverse("portal:onboarding", args=[ready.enrolment.pk])
            yield Step(str(row.task.item), row.task.item.text, row.url or page, row.action or "See the list", row.when)


def _finish(enrolment: Enrolment) -> Step:
    until = uk_date(enrolment.cohort.recruitment_until)
    text = f"You have accepted your place in {enrolment.cohort}. What you have entered is kept; finish by {until}."
    return Step("Finish your enrolment", text, reverse("portal:enrolment", args=[enrolment.pk]), "Carry on")


def _check_in(due: DueCheckIn) -> Step:
    text = f"Two questions about {uk_date(due.session.starts_at)}. It takes less than a minute."
    url = reverse("portal:check_in", args=[due.session.pk])
    return Step(f"How was session {due.session.number}?", text, url, "Answer")


def _mid_point(enrolment: Enrolment) -> Step:
    text = "You are half-way: a good moment to look at how the work is shared."
    return Step("How is your pair going?", text, reverse("portal:mid_point", args=[enrolment.pk]), "Take a look")


def _reply(session: Session) -> Step:
    text = f"It is on {uk_datetime(session.starts_at)}."
    title, page = f"Will you come to session {session.number}?", reverse("portal:session", args=[session.pk])
    return Step(title, text, page, "Answer", asks=session)


def _led_by_nobody(session: Session) -> Step:
    text = f"You can’t come on {uk_datetime(session.starts_at)}. Ask another mentor to lead it this once, or move it."
    page = f"{reverse('portal:session', args=[session.pk])}#lead"
    return Step(f"Who leads session {session.number}?", text, page, "See what you can do")


def _poll(poll: Poll) -> Step:
    until = f"Answers are taken until {uk_datetime(poll.closes_at)}."
    what = f"Session {poll.session.number} may move." if poll.session else "A new session is being arranged."
    return Step("Which date suits you?", f"{what} {until}", reverse("portal:poll", args=[poll.pk]), "Answer")


def _stands_in_at(user: User) -> QuerySet[StandIn]:
    """Those to come, and those of which nobody has said who was there."""
    recorded = Attendance.objects.filter(session=OuterRef("session"), attended__isnull=False)
    return standing_in(user).filter(~Exists(recorded), session__state=Session.State.PLANNED)


def _lead(session: Session) -> Step:
    """For who stands in for another mentor: where the session is found."""
    if session.is_past:
        text = f"It was on {uk_date(session.starts_at)}. You can say who was there."
    else:
        text = f"It is on {uk_datetime(session.starts_at)}. You lead it this once."
    url = reverse("portal:session", args=[session.pk])
    return Step("A session that you stand in for", text, url, "See the session")


def _attendance(session: Session) -> Step:
    """For who leads: a session of which nobody has said who was there."""
    text = f"Session {session.number} was on {uk_date(session.starts_at)}."
    return Step("Say who was there", text, reverse("portal:session_attendance", args=[session.pk]), "Record attendance")


def _event(event: Event) -> Step:
    full = event.capacity and event.places_given >= event.capacity
    waits = " Every place is taken: you would be on the waiting list." if full else ""
    text = f"It is on {uk_datetime(event.starts_at)}.{waits}"
    return Step(f"Will you come to “{event.title}”?", text, reverse("portal:event", args=[event.pk]), "Answer")
