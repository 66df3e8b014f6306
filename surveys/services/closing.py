"""Closing a cohort: certificates, completed enrolments and figures released once and for all."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.services.certificates import issue_certificates
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentChange, EnrolmentState
from privacy.services import record
from surveys.disclosure import OUTSIDE, TEAM, Audience, Ledger
from surveys.models import LedgerEntry, Snapshot
from surveys.selectors.answered import still_answered
from surveys.selectors.closing import closing_blockers
from surveys.selectors.flow import still_stepped, waves
from surveys.selectors.impact import audience_of, impact_figures
from surveys.selectors.ledger import ledger_of
from surveys.selectors.link import is_unlinked
from surveys.selectors.outcomes import still_released
from surveys.selectors.provenance import provenance
from surveys.selectors.reach import IN_BASELINE, reach_figures, took_part
from surveys.selectors.together import together
from surveys.selectors.told import still_told
from surveys.services.publishing import follow


@transaction.atomic
def close_cohort(*, cohort: Cohort, by: User | None) -> Cohort:
    """Close a cohort; closing it again changes nothing. Raises ValidationError while sessions are still to come."""
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.closed_at is not None:
        return locked
    if blockers := closing_blockers(locked):
        raise ValidationError(blockers)
    certificates = issue_certificates(cohort=locked, by=by)
    with clock.standing_at(clock.now()):  # what is released says that it was read at the moment of the close
        completed = _release_and_complete(locked, by)
    record(by=by, verb="cohort.closed", about=locked, certificates=certificates, completed=completed)
    return locked


def _release_and_complete(cohort: Cohort, by: User | None) -> int:
    """Everything that is told of a cohort when it is closed; returns how many people have completed."""
    reach = reach_figures(cohort) | provenance([IN_BASELINE])
    release_snapshot(cohort=cohort, kind=Snapshot.Kind.REACH, figures=reach)
    for kind, audience in _audiences(cohort):
        ledger = ledger_of(cohort, audience)
        _keep(cohort, kind, audience, ledger, impact_figures(cohort, audience, ledger))
    completed = _complete(took_part(cohort), by)
    cohort.closed_at = clock.now()
    cohort.save(update_fields=["closed_at"])
    _release_together()
    return completed


@transaction.atomic
def release_again(*, cohort: Cohort, by: User | None) -> bool:
    """Work a closed cohort's figures out again, as after erasures; returns whether any took the place of older ones.

    Where so few people have changed that the new figures would tell about them, the older ones stand, and so they do
    for good once it is forgotten whose answers are whose.
    """
    if is_unlinked(cohort):
        return False
    released = [_again(cohort, kind, audience) for kind, audience in _audiences(cohort)]
    if any(released):
        record(by=by, verb="cohort.figures_released_again", about=cohort)
    return any(released)


def _again(cohort: Cohort, kind: str, audience: Audience) -> bool:
    older = cohort.snapshots.filter(kind=kind).order_by("-created_at").first()
    ledger = ledger_of(cohort, audience)
    figures = impact_figures(cohort, audience, ledger)
    if older is None or not ledger.new or _hides_what_was_shown(older.figures, figures):
        return False
    for still in (still_released, still_told, still_stepped, still_answered):
        figures |= still(older.figures, figures)
    _keep(cohort, kind, audience, ledger, figures)
    return True


def _hides_what_was_shown(older: dict, newer: dict) -> bool:
    shown = {outcome["key"] for outcome in older["outcomes"] if outcome["figures"]}
    return not shown <= {outcome["key"] for outcome in newer["outcomes"] if outcome["figures"]}


def _audiences(cohort: Cohort) -> list[tuple[str, Audience]]:
    found = waves(cohort)
    return [
        (str(Snapshot.Kind.IMPACT), audience_of(found, TEAM)),
        (str(Snapshot.Kind.OUTSIDE), audience_of(found, OUTSIDE)),
    ]


def _keep(cohort: Cohort, kind: str, audience: Audience, ledger: Ledger, figures: dict) -> None:
    """The figures and, in the same transaction, about whom they are."""
    follow(release_snapshot(cohort=cohort, kind=kind, figures=figures))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(cohort=cohort, audience=audience.name, measure=measure, people=sorted(people))
        for measure, people in ledger.new
    )


def _release_together() -> None:
    """What small cohorts tell together, now that one more is closed; each of them remembers that it was told.

    So nothing is released of one of them later that could be taken out of it.
    """
    found = together()
    if found is None or not found.ledger.new:
        return
    release_snapshot(cohort=found.cohorts[-1], kind=Snapshot.Kind.TOGETHER, figures=found.figures)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(cohort=cohort, audience=TEAM.name, measure=measure, people=sorted(people))
        for measure, people in found.ledger.new
        for cohort in found.cohorts
    )


def _complete(people: list[Enrolment], by: User | None) -> int:
    """Those who took part have completed; whoever never got a seat stays enrolled."""
    done = [person for person in people if person.state == EnrolmentState.ENROLLED]
    Enrolment.objects.filter(pk__in=[person.pk for person in done]).update(state=EnrolmentState.COMPLETED)
    EnrolmentChange.objects.bulk_create(
        EnrolmentChange(enrolment=person, state=EnrolmentState.COMPLETED, by=by) for person in done
    )
    return len(done)


def release_snapshot(*, cohort: Cohort, kind: str, figures: dict) -> Snapshot:
    """Keep figures as they are released. The same figures are one snapshot, however often they are released."""
    digest = hashlib.sha256(canonical(figures).encode()).hexdigest()
    snapshot, _ = Snapshot.objects.get_or_create(cohort=cohort, kind=kind, digest=digest, defaults={"figures": figures})
    return snapshot


def canonical(figures: dict) -> str:
    """Figures as the one text that their digest is of, whatever order they were put together in."""
    return json.dumps(figures, sort_keys=True, ensure_ascii=False)
