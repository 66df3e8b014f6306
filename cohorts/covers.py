"""Who stands in for whom while somebody of the team is away: arranging it, and asking."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cohorts.models import Cohort, Cover
from privacy.services import record
from ui.dates import date_range


@dataclass(frozen=True)
class Covers:
    """The covers that run today, read once, by the key of who is away."""

    by_person: dict[Any, Cover]

    @classmethod
    def now(cls) -> "Covers":
        return cls({one.person_id: one for one in Cover.objects.running().select_related("person", "covered_by")})

    def of(self, person_id: Any) -> Cover | None:
        return self.by_person.get(person_id)

    def for_whom(self, user: User) -> list[Cover]:
        """Those whom this person covers."""
        return [one for one in self.by_person.values() if one.covered_by_id == user.pk]

    def words(self, person: User) -> str:
        """“Alex Adviser (covered by Jo Relations until 12 December 2026)”; the name alone while they are here."""
        cover = self.of(person.pk)
        return said(person, cover) if cover else person.get_full_name()


def said(person: User, cover: Cover) -> str:
    """The person’s name with who covers them, and until when."""
    return f"{person.get_full_name()} ({in_brackets(cover)})"


def in_brackets(cover: Cover) -> str:
    return f"covered by {cover.covered_by.get_full_name()} until {date_range(cover.last_day, None)}"


# --- arranging ------------------------------------------------------------------------------------
@transaction.atomic
def arrange(*, cover: Cover, by: User) -> Cover:
    """Say who covers somebody on which days, both included; or change what was said. `cover` has the four fields.

    Raises ValidationError, by field, for what `check` refuses.
    """
    check(cover)
    verb = "cover.arranged" if cover._state.adding else "cover.changed"
    cover.save()
    days = {"first_day": cover.first_day.isoformat(), "last_day": cover.last_day.isoformat()}
    record(by=by, verb=verb, about=cover, person=str(cover.person_id), covered_by=str(cover.covered_by_id), **days)
    return cover


@transaction.atomic
def call_off(*, cover: Cover, by: User) -> None:
    """Take it back altogether, as if nobody had been away."""
    record(by=by, verb="cover.called_off", about=cover)
    cover.delete()


def check(cover: Cover) -> None:
    """Refuse what cannot be, with a ValidationError that says so at its field. To be called in a transaction.

    Nobody covers themselves, nobody has two covers on one day, and nobody covers who is away on one of the days.
    """
    cover.clean()
    both = [cover.person_id, cover.covered_by_id]
    # Locked, so that two people can't arrange at the same time what would not go together.
    list(User.objects.select_for_update().filter(pk__in=both).order_by("pk").values("pk"))
    others = Cover.objects.exclude(pk=cover.pk).filter(first_day__lte=cover.last_day, last_day__gte=cover.first_day)
    found = others.filter(Q(person__in=both) | Q(covered_by=cover.person_id)).select_related("person", "covered_by")
    if errors := [_refusal(cover, one) for one in found.order_by("first_day")]:
        raise ValidationError(errors[0])


def _refusal(cover: Cover, other: Cover) -> dict[str, str]:
    """Why a cover can't be beside another one that is there already."""
    person, cover_name, days = other.person, other.covered_by, other.days
    if other.person_id == cover.person_id:
        change = "Change that one, or choose other days."
        return {"first_day": f"{person} is covered by {cover_name} already on some of these days: {days}. {change}"}
    if other.person_id == cover.covered_by_id:
        return {"covered_by": f"{person} is away on some of these days: {days}. Choose somebody else, or other days."}
    first = "Find somebody else for that first, or choose other days."
    return {"person": f"{cover_name} covers {person} on some of these days: {days}. {first}"}


def out_of_reach(cover: Cover) -> list[Cohort]:
    """The open cohorts that who is away works on and who covers does not: a cover lends no role."""
    mine = Cohort.objects.open().for_staff(cover.covered_by).values("pk")
    return list(Cohort.objects.open().for_staff(cover.person).exclude(pk__in=mine))
