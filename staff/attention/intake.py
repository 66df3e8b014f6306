"""Organisations: their interest, their coordinators and their places."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort, Role
from organisations.models import Coordinator, CoordinatorInvitation, Demand, Interest, Organisation, Participation
from participants.models import HOLDING
from staff.attention.base import Item, Rule, ends_within, plural, short_date, working_days_ago

ANSWER_WITHIN = 2  # working days
PLACES_DAYS = 14
HANDED_OVER_WITHIN = 5  # working days


def in_queue(user: User, cohorts: list[Cohort]) -> list[Item]:
    """New interests that nobody has taken on yet and that are not late; those have a rule of their own."""
    fresh = Q(assigned_to=None, created_at__gt=working_days_ago(ANSWER_WITHIN))
    return [_to_answer(user, i, _since(i)) for i in _waiting(user, cohorts, fresh)]


def unanswered(user: User, cohorts: list[Cohort]) -> list[Item]:
    """New interests that waited longer than we promise; an adviser sees their own queue."""
    late = Q(created_at__lte=working_days_ago(ANSWER_WITHIN))
    return [_to_answer(user, i, _who_waits(i)) for i in _waiting(user, cohorts, late)]


def _waiting(user: User, cohorts: list[Cohort], which: Q) -> QuerySet[Interest]:
    mine = Q(cohort__in=cohorts) | Q(cohort__isnull=True)
    rows = Interest.objects.for_staff(user).filter(mine, which, state=Interest.State.NEW)
    return rows.select_related("organisation", "assigned_to").order_by("created_at").distinct()


def _to_answer(user: User, interest: Interest, evidence: str) -> Item:
    looks = "" if user.has_perm("organisations.change_interest") else "See what they wrote"
    return Item(interest.cohort_id, evidence, interest.get_absolute_url(), interest.assigned_to_id, looks=looks)


def _who_waits(interest: Interest) -> str:
    with_whom = f"with {interest.assigned_to}" if interest.assigned_to else "in the team’s queue"
    return f"{_since(interest)}, {with_whom}"


def _since(interest: Interest) -> str:
    return f"{interest.organisation}, since {short_date(interest.created_at)}"


def without_coordinator(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Organisations that are confirmed and have nobody who can put people forward, or will soon have nobody."""
    acting = Coordinator.objects.filter(organisation=OuterRef("organisation"), ended_at__isnull=True)
    asked = CoordinatorInvitation.objects.filter(
        organisation=OuterRef("organisation"), state=CoordinatorInvitation.State.OPEN, replaces__ended_at=None,
        replaces__isnull=False, created_at__lte=working_days_ago(HANDED_OVER_WITHIN),
    )  # fmt: skip
    rows = _confirmed(cohorts).annotate(has_one=Exists(acting), hands_over=Exists(asked))
    found = rows.filter(Q(has_one=False) | Q(hands_over=True))
    return [_to_coordinate(user, p) for p in found]


def _who_coordinates(participation: Participation) -> str:
    if not participation.has_one:
        return f"{participation.organisation}"
    return f"{participation.organisation}: a hand-over that nobody has accepted in {HANDED_OVER_WITHIN} working days"


def _to_coordinate(user: User, participation: Participation) -> Item:
    """With the page that adds one; the participation itself for somebody who may only look."""
    may = user.has_perm("organisations.confirm_participation", participation)
    adds = reverse("admin:participation_coordinator", args=[participation.pk])
    page, looks = (adds, "") if may else (participation.get_absolute_url(), "See who takes part")
    return Item(participation.cohort_id, _who_coordinates(participation), page, _adviser(participation), looks=looks)


def unfilled_places(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Agreed places that nobody holds yet, while nominations still have a few days to go."""
    free = Q(places__isnull=False) & ~Q(places__nomination__state__in=HOLDING)
    rows = _confirmed(ends_within(cohorts, PLACES_DAYS))
    rows = rows.annotate(**{f"free_{role}": Count("places", free & Q(places__role=role)) for role in Role.values})
    return [Item(p.cohort_id, _places(p), p.get_absolute_url(), _adviser(p)) for p in rows if _free(p)]


def _adviser(participation: Participation) -> Any:
    """Whoever advises the organisation sees to it."""
    return participation.organisation.adviser_id


def _places(participation: Participation) -> str:
    return f"{participation.organisation}: {_free(participation)}"


def _free(participation: Participation) -> str:
    free = [(role.label.lower(), getattr(participation, f"free_{role.value}")) for role in Role]
    parts = [plural(count, f"{role} place") for role, count in free if count]
    return f"{' and '.join(parts)} free until {short_date(participation.cohort.recruitment_until)}" if parts else ""


def demand_elsewhere(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Employers whose people have asked, and that take part in no cohort that is open. It belongs to no cohort."""
    part = Organisation.objects.filter(pk__in=Participation.objects.active().values("organisation"))
    asked = Demand.objects.exclude(organisation__in=part).exclude(employer_key__in=part.values("name_key"))
    rows = asked.order_by("employer_key", "created_at").values_list("employer_key", "employer", "pk")
    by_employer = [(list(group), key) for key, group in groupby(rows, key=lambda row: row[0])]
    return [_asks(group) for group, _ in sorted(by_employer, key=lambda one: (-len(one[0]), one[1]))]


def _asks(group: list[tuple[str, str, Any]]) -> Item:
    _, employer, first = group[0]
    page = f"{reverse('admin:organisations_demand_changelist')}?{urlencode({'q': employer})}"
    return Item(None, f"{employer}: {plural(len(group), 'person', 'people')} asked", page, about=first)


def _confirmed(cohorts: list[Cohort]) -> QuerySet[Participation]:
    rows = Participation.objects.filter(cohort__in=cohorts, withdrawn_at__isnull=True)
    return rows.select_related("organisation", "cohort")


RULES = [
    Rule(
        key="interest_in_queue",
        says="New interest that nobody has taken on",
        action="Answer",
        permission="organisations.view_interest",
        find=in_queue,
        stage="confirmation",
        list_page="admin:organisations_interest_changelist",
        list_filter=(("state__exact", "new"),),
    ),
    Rule(
        key="interest_unanswered",
        says=f"Interest not answered within {ANSWER_WITHIN} working days",
        action="Answer",
        permission="organisations.view_interest",
        find=unanswered,
        stage="confirmation",
        list_page="admin:organisations_interest_changelist",
        list_filter=(("state__exact", "new"),),
    ),
    Rule(
        key="no_coordinator",
        says="Confirmed organisation without a coordinator, or whose hand-over nobody accepts",
        action="Add a coordinator",
        permission="organisations.view_participation",
        find=without_coordinator,
        stage="recruitment",
    ),
    Rule(
        key="places_unfilled",
        says=f"Places not filled, {PLACES_DAYS} days or less before nominations close",
        action="See the places",
        permission="organisations.view_participation",
        find=unfilled_places,
        stage="recruitment",
    ),
    Rule(
        key="demand_elsewhere",
        says="People ask whose employer does not take part",
        action="See who asks",
        permission="organisations.view_demand",
        find=demand_elsewhere,
    ),
]
