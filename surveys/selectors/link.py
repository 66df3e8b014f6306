"""Whose answers are whose, and for how long that can be told: half a year from the close of their cohort.

The database holds the link sealed, so that no query can follow it: it is opened here, row by row, and nowhere else.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from accounts import clock
from accounts.prepared import prepared
from cohorts.models import Cohort
from participants.models import Enrolment
from surveys.models import ParticipantKey

_FOUND = "_key_of_answers"  # on an enrolment as it was read
LINKED_FOR = dt.timedelta(days=183)


def links_of(enrolments: Iterable[UUID]) -> dict[str, UUID]:
    """The random key of each of these parts in a cohort that has one, with the part that it stands for; one query."""
    return dict(_links(list(enrolments)))


def keys_of(*enrolments: Enrolment) -> list[str]:
    """The keys of those of these parts in a cohort that have one. A page asks often, and the database is asked once."""
    unknown = {one.pk: one for one in enrolments if _FOUND not in one.__dict__}
    for key, part in links_of(unknown).items() if unknown else ():
        unknown[part].__dict__[_FOUND] = key  # that there is none is not kept: answering makes one
    return [one.__dict__[_FOUND] for one in enrolments if _FOUND in one.__dict__]


def with_key(parts: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Parts in a cohort read with their key, for `keys_of` to find after `take_key`: a page saves a query by it."""
    return parts.annotate(read_key=Subquery(ParticipantKey.objects.filter(enrolment=OuterRef("pk")).values("key")[:1]))


def take_key(part: Enrolment) -> None:
    if part.read_key:
        part.__dict__[_FOUND] = part.read_key


@prepared
def _links(enrolments: list[UUID]) -> QuerySet[ParticipantKey, tuple[Any, ...]]:
    return ParticipantKey.objects.filter(enrolment__in=enrolments).values_list("key", "enrolment_id")


def linked_until(cohort: Cohort) -> dt.date | None:
    """The day on which the link goes; None while the cohort runs."""
    return clock.local(cohort.closed_at + LINKED_FOR).date() if cohort.closed_at else None


def is_unlinked(cohort: Cohort) -> bool:
    """Whether that day has come. From then on nobody finds their own answers, and no figure is worked out afresh."""
    return cohort.closed_at is not None and cohort.closed_at + LINKED_FOR <= clock.now()


def past_their_link() -> QuerySet[Cohort]:
    return Cohort.objects.filter(closed_at__lte=clock.now() - LINKED_FOR)
