"""Putting what was released of a cohort on the public page, and taking it off."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from privacy.services import record
from surveys.models import Publication, Snapshot
from surveys.selectors.impact import newest_snapshot
from surveys.selectors.intruder import may_pass_on


@transaction.atomic
def publish_figures(*, cohort: Cohort, by: User) -> Publication:
    """Show everybody what was released of a cohort for outside the team; doing it again changes nothing.

    Raises ValidationError before the close, before the test that nobody can be found, and where nothing may be shown.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    snapshot = newest_snapshot(cohort, Snapshot.Kind.OUTSIDE)
    if snapshot is None:
        raise ValidationError("Figures are released when the cohort is closed.")
    if not may_pass_on():
        raise ValidationError("Record first that somebody tried to find a person in the figures and found nobody.")
    if not any(outcome["figures"] for outcome in snapshot.figures["outcomes"]):
        raise ValidationError("Nothing of this cohort may be shown: too few people answered.")
    found = Publication.objects.on_show().filter(cohort=cohort).first()
    if found is None:
        found = Publication.objects.create(cohort=cohort, snapshot=snapshot, published_by=by)
        record(by=by, verb="figures.published", about=cohort, snapshot=snapshot.digest[:12])
    return found


@transaction.atomic
def withdraw_figures(*, cohort: Cohort, by: User) -> bool:
    """Take a cohort's figures off the public page; whether they were on it."""
    shown = Publication.objects.on_show().filter(cohort=cohort)
    if not shown.update(withdrawn_at=clock.now(), withdrawn_by=by):
        return False
    record(by=by, verb="figures.withdrawn", about=cohort)
    return True


def follow(snapshot: Snapshot) -> None:
    """Figures that were released again take the place of those on the public page, as they do everywhere else."""
    if snapshot.kind == Snapshot.Kind.OUTSIDE:
        Publication.objects.on_show().filter(cohort=snapshot.cohort_id).update(snapshot=snapshot)
