"""Questions about stand-ins: who may be asked to lead one session, and what they may see of it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from circles import links
from circles.models import KeptApart, Membership, Session, StandIn
from cohorts.models import Cohort, OwnOrganisation, Side
from participants.models import Enrolment, EnrolmentState
from privacy.models import Purpose
from privacy.selectors import agrees_to

# No session lasts longer.
LONGEST = dt.timedelta(hours=8)
COLLEAGUE = "works for the same organisation as somebody in it"
NO_COLLEAGUE = "works for another organisation than somebody in it"
RULED_OUT = "the programme team has ruled it out"
AGAINST_A_RULE = "the programme’s rules don’t allow it for this circle"
BUSY = "has a session at that time already"


@dataclass(frozen=True)
class Candidate:
    """A mentor of the cohort; `why_not` says what rules them out, and is blank for who can be asked."""

    enrolment: Enrolment
    why_not: str

    @property
    def to_fellows(self) -> str:
        """What another mentor reads of them: their employer only where they agreed to show it."""
        one = self.enrolment
        return f"{one.user}, {one.organisation}" if one.shows_employer else str(one.user)

    @property
    def why_not_to_fellows(self) -> str:
        """The same for another mentor: rules about employers would tell where somebody works."""
        return AGAINST_A_RULE if self.why_not in {COLLEAGUE, NO_COLLEAGUE, RULED_OUT} else self.why_not

    @property
    def to_team(self) -> str:
        return f"{self.enrolment.user}, {self.enrolment.organisation}"


@dataclass
class _Rules:
    """What the rules ask about the session and its circle, read once."""

    rule: str
    organisations: set[Any] = field(default_factory=set)
    apart: set[Any] = field(default_factory=set)
    busy: set[Any] = field(default_factory=set)

    def why_not(self, one: Enrolment) -> str:
        if self.rule == OwnOrganisation.FORBIDDEN and one.organisation_id in self.organisations:
            return COLLEAGUE
        if self.rule == OwnOrganisation.REQUIRED and self.organisations - {one.organisation_id}:
            return NO_COLLEAGUE
        if one.pk in self.apart:
            return RULED_OUT
        return BUSY if one.pk in self.busy else ""


def candidates(session: Session) -> list[Candidate]:
    """Every mentor of the cohort but the circle's own, those in reserve too: by name, who can be asked first.

    Nobody where people meet as equals. As many queries for two mentors as for two hundred.
    """
    if session.circle.cohort.format.mutual:
        return []
    rules = _rules(session)
    leads = Enrolment.objects.filter(
        cohort=session.circle.cohort_id, side=Side.LEAD, state=EnrolmentState.ENROLLED
    ).exclude(memberships__in=Membership.objects.current().filter(circle=session.circle_id))
    leads = leads.annotate(shows_employer=agrees_to(Purpose.SHARE_EMPLOYER, "user"))
    found = leads.select_related("user", "organisation").order_by("user__sort_name")
    return sorted((Candidate(one, rules.why_not(one)) for one in found), key=lambda one: bool(one.why_not))


def candidate(session: Session, enrolment: Enrolment) -> Candidate | None:
    """Somebody as a stand-in; None for who is no other mentor of the cohort."""
    return next((one for one in candidates(session) if one.enrolment.pk == enrolment.pk), None)


def would_rule_out(stand_in: StandIn, people: Iterable[Enrolment]) -> bool:
    """Whether who stands in may not lead the session any more once these people, and nobody else, sit in its circle."""
    one, seated = stand_in.enrolment, list(people)
    if one.side != Side.LEAD or one.state != EnrolmentState.ENROLLED or one in seated:
        return True
    members = {mate.pk: mate.organisation_id for mate in seated if mate.side == Side.MEMBER}
    return bool(_rules(stand_in.session, members).why_not(one))


def _members(session: Session) -> dict[Any, Any]:
    """By enrolment, the organisation of each member of a session's circle."""
    seats = Membership.objects.current().filter(circle=session.circle_id).exclude(seat=Membership.LEAD_SEAT)
    return dict(seats.values_list("enrolment", "enrolment__organisation"))


def _rules(session: Session, members: dict[Any, Any] | None = None) -> _Rules:
    """With the members of today, or with others."""
    found = _Rules(rule=session.circle.cohort.format.own_organisation, busy=_busy(session))
    members = _members(session) if members is None else members
    found.organisations = set(members.values())
    pairs = KeptApart.objects.filter(Q(first__in=members) | Q(second__in=members))
    for first, second in pairs.values_list("first", "second"):
        found.apart |= {first, second} - members.keys()
    return found


def _busy(session: Session, moving: Collection[Session] = ()) -> set[Any]:
    """Those with another session at that time: of their own circle, or one that they lead for somebody."""
    same = _at_that_time(session, moving)
    seated = Membership.objects.current().filter(circle__sessions__in=same).values_list("enrolment", flat=True)
    return {*seated, *StandIn.objects.accepted().filter(session__in=same).values_list("enrolment", flat=True)}


def _at_that_time(session: Session, moving: Collection[Session] = ()) -> list[Any]:
    """The keys of the other sessions of the cohort that overlap with it; not of those that are `moving` too."""
    away = {session.pk, *(one.pk for one in moving)}
    others = Session.objects.planned().filter(circle__cohort=session.circle.cohort_id).exclude(pk__in=away)
    near = others.filter(starts_at__lt=session.ends_at, starts_at__gt=session.starts_at - LONGEST)
    return [one.pk for one in near if one.ends_at > session.starts_at]


def is_busy(session: Session, enrolment: Enrolment) -> bool:
    """Whether somebody has another session at that time."""
    return enrolment.pk in _busy(session)


def clashes(session: Session, moving: Collection[Session] = ()) -> list[str]:
    """What to say to whoever moves a session: for whom it collides with one that they lead. Often nothing.

    Those that are `moving` too make room for it.
    """
    found = []
    asked = stand_in_of(session)
    if asked and asked.enrolment_id in _busy(session, moving):
        what = "stands in at" if asked.accepted_at else "is asked to lead"
        found.append(f"{asked.enrolment.user}, who {what} {_named(session)}, has another session at that time.")
    seated = Membership.objects.current().filter(circle=session.circle_id).values("enrolment")
    elsewhere = StandIn.objects.accepted().filter(enrolment__in=seated, session__in=_at_that_time(session, moving))
    for one in elsewhere.select_related("enrolment__user", "session__circle__cohort__format"):
        found.append(f"{one.enrolment.user} stands in at that time: {one.session.circle}, {_named(one.session)}.")
    return found


def _named(session: Session) -> str:
    return str(session).lower()


@dataclass(frozen=True)
class StoodIn:
    """For how many sessions, and for how many minutes, somebody has led the circles of others."""

    enrolment: Enrolment
    sessions: int
    minutes: int

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


def stood_in(cohort: Cohort) -> list[StoodIn]:
    """Who has stood in so far, by name: hours of their own, which count towards nobody's certificate."""
    over = StandIn.objects.accepted().filter(
        session__circle__cohort=cohort, session__state=Session.State.PLANNED, session__starts_at__lte=clock.now()
    )
    rows = over.select_related("session", "enrolment__user", "enrolment__organisation")
    found: dict[Any, list[StandIn]] = {}
    for one in rows.order_by("enrolment__user__sort_name"):
        found.setdefault(one.enrolment_id, []).append(one)
    return [StoodIn(own[0].enrolment, len(own), sum(one.session.minutes for one in own)) for own in found.values()]


def stand_in_of(session: Session) -> StandIn | None:
    """Who is asked to lead a session, or has said that they will."""
    return next(iter(_asked(session.pk)), None)


@prepared
def _asked(session: UUID) -> QuerySet[StandIn]:
    found = StandIn.objects.current().filter(session=session)
    return found.select_related("enrolment__user", "enrolment__organisation")


def leader_in(asked: StandIn | None) -> str:
    """The name of somebody who is asked, once they have said yes; until then blank."""
    return asked.enrolment.user.get_full_name() if asked and asked.accepted_at else ""


def stands_in(session: UUID, user: User) -> bool:
    """Whether somebody has said that they will lead this session for its mentor, until two weeks after it."""
    return bool(_reaching(session, user.pk))


@prepared
def _reaching(session: UUID, user: UUID) -> QuerySet[StandIn, UUID]:
    return StandIn.objects.in_reach().filter(session=session, enrolment__user=user).order_by().values_list("pk")


def standing_in(user: User) -> QuerySet[StandIn]:
    """The sessions that somebody has said they will lead for a mentor, until two weeks after each."""
    mine = StandIn.objects.in_reach().filter(enrolment__user=user)
    return mine.select_related("session__circle__cohort__format", "enrolment__user").order_by("session__starts_at")


def stand_in_by_link(token: str) -> StandIn | None:
    """What a link of one's own asks; nothing when it is not ours, or they are not asked any more."""
    keys = links.read(token, "i")
    asked = StandIn.objects.current().select_related("session__circle__cohort__format", "enrolment__user")
    return asked.filter(pk=keys[0], enrolment=keys[1]).first() if keys else None


def session_led_by_link(token: str) -> Session | None:
    """The session that a link of one's own leads into, for who stands in at it."""
    keys = links.read(token, "s")
    mine = StandIn.objects.in_reach().filter(session=keys[0], enrolment=keys[1]) if keys else StandIn.objects.none()
    found = mine.select_related("session__circle__cohort__format").first()
    return found.session if found else None
