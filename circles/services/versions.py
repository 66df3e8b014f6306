"""Taking an older proposal up again: as a new one, so that nothing is overwritten."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.services.board import FormationError, refresh
from cohorts.models import Cohort
from privacy.services import record

State = FormationRun.State


@transaction.atomic
def take_up(*, run: FormationRun, by: User | None) -> FormationRun:
    """The newest proposal of the cohort from now on, copied from an older one without those who have left since.

    Raises FormationError when circles are published, or being formed just now.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=run.cohort_id)
    if cohort.published_at:
        raise FormationError("The circles of this cohort are published already.")
    if cohort.formation_runs.filter(state__in=[State.QUEUED, State.RUNNING]).exists():
        raise FormationError("Circles are being formed just now. Wait for that run, or stop it.")
    if run.state != State.DONE:
        raise FormationError("This run made no proposal that could be taken up.")
    copy = _copy(run, cohort, by)
    refresh(copy)
    copy.version = 1
    copy.save(update_fields=["version"])
    record(by=by, verb="formation.taken_up", about=copy)
    return copy


def _copy(run: FormationRun, cohort: Cohort, by: User | None) -> FormationRun:
    copy = FormationRun.objects.create(
        cohort=cohort,
        state=State.DONE,
        requested_by=by,
        copied_from=run,
        seed=run.seed,
        seconds_limit=run.seconds_limit,
        input_hash=run.input_hash,
        settings=run.settings,
        progress=run.progress,
        bound=run.bound,
        started_at=run.started_at,
        finished_at=clock.now(),
    )
    seats = list(run.seats.filter(enrolment__state="enrolled"))
    used = {seat.circle_id for seat in seats}
    circles = {circle.pk: circle for circle in run.circles.all() if circle.pk in used}
    copies = {
        pk: ProposedCircle(run=copy, number=c.number, lead_id=c.lead_id, slot_id=c.slot_id, place=c.place)
        for pk, c in circles.items()
    }
    ProposedCircle.objects.bulk_create(copies.values())
    ProposedSeat.objects.bulk_create(
        ProposedSeat(
            run=copy,
            enrolment_id=seat.enrolment_id,
            circle=copies.get(seat.circle_id),
            because=seat.because,
            reason=seat.reason,
            pinned=seat.pinned,
        )
        for seat in seats
    )
    return copy
