"""What people have agreed to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.prepared import prepared
from privacy.models import BESIDE_THE_NAME, AuditEvent, ConsentEvent, Purpose

_NEWEST = ("-at", "-created_at")  # what somebody said last is what holds
# Words of old that named job title and employer with the name hold for who has said nothing of the item by itself:
# `docs/decisions/0007-each-item-a-choice.md`.
_OWN_WORDS_FIRST = ("wording__names_all", *_NEWEST)


def consents(user: User) -> dict[str, bool]:
    """Every purpose and whether the person agrees to it today."""
    held, of_old = {}, False
    for purpose, names_all, given, _, _ in sorted(_held(user.pk), key=lambda said: said[3:]):
        held[purpose] = given
        of_old = given if names_all else of_old
    held = dict.fromkeys(BESIDE_THE_NAME, of_old) | held
    return {purpose: held.get(purpose, False) for purpose in Purpose.values}


def agreed(user_ids: Iterable[Any], purpose: str) -> set[Any]:
    """Those of the people who agree to the purpose today; one query."""
    said = _said_beside if purpose in BESIDE_THE_NAME else _said
    return {user for user, given in said(list(user_ids), str(purpose)) if given}


def agrees_to(purpose: str, user: str) -> Coalesce:
    """For a query of something else: whether the person in its column `user` agrees to the purpose today."""
    said, order = ConsentEvent.objects.filter(wording__purpose=str(purpose)), _NEWEST
    if purpose in BESIDE_THE_NAME:
        said, order = _beside(str(purpose)), _OWN_WORDS_FIRST
    return Coalesce(Subquery(said.filter(user=OuterRef(user)).order_by(*order).values("given")[:1]), False)


def looks(verb: str, keys: Iterable[Any]) -> list[dict[str, object]]:
    """Who of the team read something of a person's, and when, by the trail; for that person."""
    lines = AuditEvent.objects.filter(verb=verb, object_id__in=list(keys)).select_related("actor").order_by("at")
    return [{"Read on": line.at, "By": str(line.actor)} for line in lines]


@prepared
def _held(user: UUID) -> QuerySet[ConsentEvent, tuple[Any, ...]]:
    by = ["wording__purpose", "wording__names_all"]
    latest = ConsentEvent.objects.filter(user=user).order_by("user_id", *by, *_NEWEST).distinct("user_id", *by)
    return latest.values_list(*by, "given", "at", "created_at")


@prepared
def _said(users: list[UUID], purpose: str) -> QuerySet[ConsentEvent, tuple[Any, ...]]:
    events = ConsentEvent.objects.filter(user__in=users, wording__purpose=purpose)
    return events.order_by("user_id", *_NEWEST).distinct("user_id").values_list("user_id", "given")


@prepared
def _said_beside(users: list[UUID], purpose: str) -> QuerySet[ConsentEvent, tuple[Any, ...]]:
    events = _beside(purpose).filter(user__in=users)
    return events.order_by("user_id", *_OWN_WORDS_FIRST).distinct("user_id").values_list("user_id", "given")


def _beside(purpose: str) -> QuerySet[ConsentEvent]:
    """What was said of an item that stands beside the name: to its own words, or to those that named all three."""
    return ConsentEvent.objects.filter(Q(wording__purpose=purpose) | Q(wording__names_all=True))
