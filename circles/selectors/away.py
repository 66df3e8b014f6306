"""Dates that do not work for the people of a circle: how many on a day, never whose they are. No reason is known."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts import clock
from circles.models import Circle, Membership, Session
from participants.models import Unavailability


@dataclass(frozen=True)
class Span:
    """Days in a row that do not work for the same number of people."""

    first: dt.date
    last: dt.date
    people: int


def away(circle: Circle) -> Counter[dt.date]:
    """For how many of a circle's people, who leads it included, each day from today to its last does not work."""
    return _days(_ranges([circle])[circle.pk], clock.today(), circle.cohort.close_until)


def spans(circle: Circle) -> list[Span]:
    """The days to come that do not work for somebody, in order."""
    counted = sorted(away(circle).items())
    found: list[Span] = []
    for day, people in counted:
        if found and found[-1].people == people and found[-1].last + dt.timedelta(days=1) == day:
            found[-1] = Span(found[-1].first, day, people)
        else:
            found.append(Span(day, day, people))
    return found


def clashes(sessions: Iterable[Session]) -> list[tuple[Session, int]]:
    """The sessions that fall on a day that does not work for somebody of their circle, and for how many."""
    planned = list(sessions)
    ranges = _ranges({one.circle for one in planned})
    counted = ((one, _on(ranges[one.circle_id], clock.local(one.starts_at).date())) for one in planned)
    return [(session, people) for session, people in counted if people]


# Who it is, and from when to when.
Ranges = list[tuple[Any, dt.date, dt.date]]


def _ranges(circles: Iterable[Circle]) -> Mapping[Any, Ranges]:
    """What is on the people's lists, by circle: one query."""
    seats = Membership.objects.current().filter(circle__in=list(circles))
    dates = seats.filter(enrolment__unavailabilities__isnull=False)
    found: dict[Any, Ranges] = defaultdict(list)
    path = "enrolment__unavailabilities__"
    for circle, who, first, last in dates.values_list("circle", "enrolment", f"{path}starts", f"{path}ends"):
        found[circle].append((who, first, last))
    return found


def _on(ranges: Ranges, day: dt.date) -> int:
    return len({who for who, first, last in ranges if first <= day <= last})


def _days(ranges: Ranges, first: dt.date, last: dt.date) -> Counter[dt.date]:
    """Somebody whose dates overlap counts once a day."""
    taken = {
        (who, starts + dt.timedelta(days=n))
        for who, starts, ends in ((who, max(a, first), min(b, last)) for who, a, b in ranges)
        for n in range((ends - starts).days + 1)
    }
    return Counter(day for _, day in taken)


def dates_of(membership: Membership) -> list[Unavailability]:
    """A person's own list of dates that do not work for them."""
    return list(membership.enrolment.unavailabilities.filter(ends__gte=clock.today()))
