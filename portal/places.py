"""The few places that somebody goes to again and again: their circles, progress and calendar, their organisations.

They stand in the header of every page. So that no page asks for them anew, each web process remembers them for a
person, no longer than two minutes and until a seat of theirs changes, which their own row says. They are links and no
rights: what has been taken from somebody since is not found.
"""

import datetime as dt
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import DatabaseError
from django.template.defaultfilters import truncatechars
from django.urls import reverse

from accounts.models import User
from circles.models import Membership
from organisations.models import Participation
from participants.models import Enrolment, EnrolmentState

FRESH_FOR = 120  # seconds
MOST = 2000  # people; who was longest not seen goes first
OF_A_KIND = 3  # circles or organisations; the others are found on one's home
LONGEST = 28  # characters of a name


@dataclass(frozen=True)
class Place:
    """A link of the header; the pages that belong to it have addresses that begin as its own does.

    `own` is what a circle in which somebody sits is called among those that they look after; blank for other places.
    """

    label: str
    url: str
    own: str = ""


def _place(label: str, name: str, *args: UUID, own: str = "") -> Place:
    return Place(label, reverse(name, args=args), own)


_known: OrderedDict[UUID, tuple[float, dt.datetime | None, list[Place]]] = OrderedDict()
_moving = Lock()


def places_of(user: User) -> list[Place]:
    """Where this person goes, home apart. Pages of errors ask too: without the database there are none."""
    at, seats, places = _known.get(user.pk, (0.0, None, []))
    if at and time.monotonic() - at < FRESH_FOR and seats == user.seats_changed_at:
        return places
    try:
        places = [*_of_participant(user.pk), *_of_coordinator(user.pk)]
    except DatabaseError:
        return []
    with _moving:
        _known[user.pk] = time.monotonic(), user.seats_changed_at, places
        _known.move_to_end(user.pk)
        while len(_known) > MOST:
            _known.popitem(last=False)
    return places


def circles_of(user: User) -> list[Place]:
    """The circles in which this person sits; whoever never had a seat is not looked up."""
    return [place for place in places_of(user) if place.own] if user.seats_changed_at else []


def _of_participant(user: UUID) -> list[Place]:
    """The circles in which they sit, their progress in the cohort of the first, and their calendar; of somebody who
    sits in none, their progress in their last cohort."""
    seats = Membership.objects.current().filter(enrolment__user=user, circle__cohort__closed_at=None)
    rows = seats.order_by("-circle__cohort__launch_from")
    found = list(rows.values_list("enrolment", "circle", "circle__number", "circle__cohort__format__group_word"))
    if not found:
        out = (EnrolmentState.STARTED, EnrolmentState.WITHDRAWN)
        mine = Enrolment.objects.filter(user=user).exclude(state__in=out).order_by("-cohort__launch_from")
        return [_place("Progress", "portal:progress", one.pk) for one in mine.only("pk")[:1]]
    circles = [
        _place(f"{word.capitalize()} {number}", "portal:circle", pk, own=f"Your {word} {number}")
        for _, pk, number, word in found
    ]
    return [
        *circles[:OF_A_KIND],
        _place("Progress", "portal:progress", found[0][0]),
        _place("Calendar", "portal:calendar"),
    ]


def _of_coordinator(user: UUID) -> list[Place]:
    """Each organisation that they coordinate, where it takes part now: in its newest cohort."""
    rows = Participation.objects.filter(
        organisation__coordinators__user=user,
        organisation__coordinators__ended_at=None,
        withdrawn_at=None,
        cohort__closed_at=None,
    ).order_by("cohort__launch_from", "created_at")
    found = rows.values_list("organisation", "organisation__name", "pk")
    newest = {organisation: (name, pk) for organisation, name, pk in found}  # the last of each stays
    first = sorted(newest.values())[:OF_A_KIND]
    return [_place(truncatechars(name, LONGEST), "portal:organisation", pk) for name, pk in first]
