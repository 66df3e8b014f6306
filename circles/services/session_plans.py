"""Laying plans over the sessions of a cohort that runs: its own template, the usual one or another cohort's.

A plan that a circle has written stays the circle's, and what is over stays as it was.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from accounts.models import User
from circles.models import Session
from circles.services.sessions import PLAN, SessionError, plans_of
from cohorts.models import Cohort, SessionPlan
from cohorts.services import usual_plans
from privacy.services import record, record_each

OWN, USUAL = "own", "usual"
Plans = dict[int, dict[str, str]]


class StalePreviewError(SessionError):
    """What was shown is not what would happen now."""


@dataclass(frozen=True)
class Source:
    """Where plans can be taken from, in words."""

    key: str
    words: str
    plans: Plans


def sources(cohort: Cohort, others: list[Cohort]) -> list[Source]:
    """The cohort's own template, the usual plans of its format, and each of `others` of the format that has plans."""
    found = [
        Source(OWN, "This cohort’s own template", plans_of(cohort)),
        Source(USUAL, "The usual plans", usual_plans(cohort)),
    ]
    for other in others:
        if other.pk != cohort.pk and other.format_id == cohort.format_id:
            found.append(Source(str(other.pk), str(other), plans_of(other)))
    return [one for one in found if one.plans]


@dataclass(frozen=True)
class PlanChange:
    """One plan of the cohort's template: its aim so far, blank for none, and as it would be."""

    number: int
    before: str
    after: str


class Taking:
    """What taking plans from a source would change. Reads only."""

    def __init__(self, cohort: Cohort, source: Source) -> None:
        self.cohort, self.source = cohort, source
        self.plans = {n: plan for n, plan in source.plans.items() if n <= cohort.session_count}

    @cached_property
    def template(self) -> list[PlanChange]:
        """The plans of the cohort itself that would read differently."""
        now = plans_of(self.cohort)
        return [
            PlanChange(number, now.get(number, {}).get("aim", ""), plan["aim"])
            for number, plan in sorted(self.plans.items())
            if now.get(number) != plan
        ]

    @cached_property
    def _planned(self) -> list[Session]:
        rows = Session.objects.upcoming().filter(circle__cohort=self.cohort, number__in=self.plans)
        return list(rows.select_related("circle__cohort__format").order_by("circle__number", "number"))

    @cached_property
    def own(self) -> list[Session]:
        """Sessions to come whose plan the circle has written, and keeps."""
        return [one for one in self._planned if one.plan_is_own]

    @cached_property
    def changed(self) -> list[Session]:
        """Sessions to come that would get another plan."""
        differing = (one for one in self._planned if not one.plan_is_own)
        return [one for one in differing if any(getattr(one, n) != self.plans[one.number][n] for n in PLAN)]

    @property
    def does_nothing(self) -> bool:
        return not self.template and not self.changed

    @property
    def fingerprint(self) -> str:
        what = [self.plans, [str(one.pk) for one in self.changed], [one.number for one in self.template]]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def take_plans(*, cohort: Cohort, source: Source, fingerprint: str, by: User) -> int:
    """Do what `Taking` shows; returns how many sessions have another plan now. Nobody is told.

    Raises StalePreviewError, and does nothing, when it would change something else than was shown.
    """
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    list(Session.objects.select_for_update(of=("self",)).filter(circle__cohort=cohort).values_list("pk"))
    taking = Taking(cohort, source)
    if taking.fingerprint != fingerprint:
        raise StalePreviewError("Something has changed since you looked. Nothing was done; this is how it is now.")
    for change in taking.template:
        plan = taking.plans[change.number]
        SessionPlan.objects.update_or_create(cohort=cohort, number=change.number, defaults=plan)
    for session in taking.changed:
        for name in PLAN:
            setattr(session, name, taking.plans[session.number][name])
    Session.objects.bulk_update(taking.changed, PLAN, batch_size=500)
    record(by=by, verb="cohort.plans_taken", about=cohort, plans=len(taking.template), sessions=len(taking.changed))
    record_each(by=by, verb="session.plan_taken", about=[(one, {}) for one in taking.changed])
    return len(taking.changed)
