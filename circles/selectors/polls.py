"""Questions about polls: who can come to what."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from circles import links
from circles.models import Circle, Membership, Poll, PollAnswer, PollDate
from circles.selectors.away import away
from circles.selectors.people import Person, roster


@dataclass(frozen=True)
class Option:
    """One date of a poll: who said what, and for how many people of the circle the date is on their own list."""

    key: UUID
    starts_at: dt.datetime
    chosen: bool
    away: int
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def yes(self) -> list[str]:
        return self.said.get(PollAnswer.Answer.YES.value, [])

    @property
    def if_need_be(self) -> list[str]:
        return self.said.get(PollAnswer.Answer.IF_NEED_BE.value, [])

    @property
    def no(self) -> list[str]:
        return self.said.get(PollAnswer.Answer.NO.value, [])


def polls_for(user: User) -> QuerySet[Poll]:
    """The polls of the circles that a person sits in today."""
    mine = Poll.objects.filter(circle__in=Circle.objects.of(user))
    return mine.select_related("circle__cohort__format", "session")


def unanswered_polls(user: User) -> QuerySet[Poll]:
    """The open polls of a person's circles that they have not answered; not those that they opened themselves."""
    own = unanswered_by(user.pk, list(user.enrolments.values_list("pk", flat=True)))
    return polls_for(user).filter(pk__in=own).order_by("closes_at")


def unanswered_by(user: UUID, enrolments: list[UUID]) -> QuerySet[Poll]:
    """The same, of whoever has these keys, for a condition in another query."""
    sits = {"circle__memberships__enrolment__in": enrolments, "circle__memberships__left_at__isnull": True}
    waiting = Poll.objects.undecided().filter(closes_at__gt=clock.now(), **sits).exclude(asked_by=user)
    return waiting.exclude(Exists(PollAnswer.objects.filter(date__poll=OuterRef("pk"), enrolment__in=enrolments)))


def poll_of(circle: Circle) -> Poll | None:
    """The poll that a circle has not decided yet."""
    return next(iter(_undecided(circle.pk)), None)


@prepared
def _undecided(circle: UUID) -> QuerySet[Poll]:
    return Poll.objects.undecided().filter(circle=circle).select_related("session")


def options(poll: Poll, viewer: User) -> list[Option]:
    """The dates with who can come, named as the circle's page names them. Who has left counts no more."""
    people: dict[Any, Person] = {person.enrolment_id: person for person in roster(poll.circle, viewer)}
    said: dict[Any, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    answers = PollAnswer.objects.filter(date__poll=poll, enrolment__in=people)
    for date, who, answer in answers.values_list("date", "enrolment", "answer"):
        said[date][answer].append("You" if people[who].is_you else people[who].name)
    busy = away(poll.circle)
    return [
        Option(
            key=one.pk,
            starts_at=one.starts_at,
            chosen=one.chosen,
            away=busy[clock.local(one.starts_at).date()],
            said={answer: sorted(names) for answer, names in said[one.pk].items()},
        )
        for one in poll.dates.all()
    ]


@dataclass(frozen=True)
class Row:
    """One person of the circle, as the viewer may see them, and what they said to each date in order, or nothing."""

    name: str
    answers: list[str]


def grid(poll: Poll, viewer: User) -> list[Row]:
    """What everybody said, a row for each person, the viewer first. Names as `options` gives them."""
    dates = list(poll.dates.values_list("pk", flat=True))
    people = sorted(roster(poll.circle, viewer), key=lambda one: not one.is_you)
    rows = PollAnswer.objects.filter(date__poll=poll).values_list("enrolment", "date", "answer")
    said = {(who, date): answer for who, date, answer in rows}
    return [
        Row("You" if one.is_you else one.name, [said.get((one.enrolment_id, date), "") for date in dates])
        for one in people
    ]


def silent_count(poll: Poll) -> int:
    """How many people of the circle have not answered."""
    answered = PollAnswer.objects.filter(date__poll=poll).values("enrolment")
    return Membership.objects.current().filter(circle=poll.circle_id).exclude(enrolment__in=answered).count()


def answers_of(poll: Poll, enrolment: Any) -> dict[UUID, str]:
    """What one person has said, by date."""
    rows = PollAnswer.objects.filter(date__poll=poll, enrolment=enrolment)
    return dict(rows.values_list("date_id", "answer"))


def poll_by_link(token: str) -> tuple[Membership | None, Poll | None]:
    """The seat and the poll that a link of one's own stands for; nothing once the person has left."""
    keys = links.read(token, "p")
    poll = Poll.objects.select_related("circle__cohort__format", "session").filter(pk=keys[0]).first() if keys else None
    if keys is None or poll is None:
        return None, None
    seats = Membership.objects.current().filter(circle=poll.circle_id, enrolment=keys[1])
    seat = seats.select_related("enrolment__user").first()
    return (seat, poll) if seat else (None, None)


def with_answers(dates: QuerySet[PollDate]) -> QuerySet[PollDate]:
    """Dates of polls in their order, each with how many said `yes`, `if_need_be` and `no`."""
    return dates.order_by("starts_at").annotate(
        **{answer: Count("answers", filter=Q(answers__answer=answer)) for answer in PollAnswer.Answer.values}
    )


def best_date(poll: Poll) -> PollDate:
    """The date with the most who can come, with the most who gladly do among equals, and the earliest of those."""
    ordered = with_answers(poll.dates.all()).annotate(can=F("yes") + F("if_need_be"))
    return ordered.order_by("-can", "-yes", "starts_at")[0]
