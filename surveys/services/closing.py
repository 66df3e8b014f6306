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
from surveys.models import Snapshot
from surveys.selectors.closing import closing_blockers
from surveys.selectors.impact import impact_figures
from surveys.selectors.reach import reach_figures, took_part


@transaction.atomic
def close_cohort(*, cohort: Cohort, by: User | None) -> Cohort:
    """Close a cohort; closing it again changes nothing. Raises ValidationError while sessions are still to come."""
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.closed_at is not None:
        return locked
    if blockers := closing_blockers(locked):
        raise ValidationError(blockers)
    certificates = issue_certificates(cohort=locked, by=by)
    release_snapshot(cohort=locked, kind=Snapshot.Kind.REACH, figures=reach_figures(locked))
    release_snapshot(cohort=locked, kind=Snapshot.Kind.IMPACT, figures=impact_figures(locked))
    completed = _complete(took_part(locked), by)
    locked.closed_at = clock.now()
    locked.save(update_fields=["closed_at"])
    record(by=by, verb="cohort.closed", about=locked, certificates=certificates, completed=completed)
    return locked


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
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    snapshot, _ = Snapshot.objects.get_or_create(cohort=cohort, kind=kind, digest=digest, defaults={"figures": figures})
    return snapshot
