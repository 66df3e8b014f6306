"""What people have agreed to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.prepared import prepared
from privacy.models import AuditEvent, ConsentEvent, Purpose

_NEWEST = ("-at", "-created_at")  # what somebody said last is what holds


def consents(user: User) -> dict[str, bool]:
    """Every purpose and whether the person agrees to it today."""
    held = dict(_held(user.pk))
    return {purpose: held.get(purpose, False) for purpose in Purpose.values}


def agreed(user_ids: Iterable[Any], purpose: str) -> set[Any]:
    """Those of the people who agree to the purpose today; one query."""
    return {user for user, given in _said(list(user_ids), str(purpose)) if given}


def agrees_to(purpose: str, user: str) -> Coalesce:
    """For a query of something else: whether the person in its column `user` agrees to the purpose today."""
    said = ConsentEvent.objects.filter(user=OuterRef(user), wording__purpose=str(purpose))
    return Coalesce(Subquery(said.order_by(*_NEWEST).values("given")[:1]), False)


def looks(verb: str, keys: Iterable[Any]) -> list[dict[str, object]]:
    """Who of the team read something of a person's, and when, by the trail; for that person."""
    lines = AuditEvent.objects.filter(verb=verb, object_id__in=list(keys)).select_related("actor").order_by("at")
    return [{"Read on": line.at, "By": str(line.actor)} for line in lines]


@prepared
def _held(user: UUID) -> QuerySet[ConsentEvent, tuple[Any, ...]]:
    return _latest(ConsentEvent.objects.filter(user=user)).values_list("wording__purpose", "given")


@prepared
def _said(users: list[UUID], purpose: str) -> QuerySet[ConsentEvent, tuple[Any, ...]]:
    events = ConsentEvent.objects.filter(user__in=users, wording__purpose=purpose)
    return _latest(events).values_list("user_id", "given")


def _latest(events: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
    return events.order_by("user_id", "wording__purpose", *_NEWEST).distinct("user_id", "wording__purpose")
