"""Runs of the engine: starting, carrying out, stopping and storing them. One at a time in a cohort."""

import datetime as dt
import logging
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.models import User
from circles.formation.answer import Answer, Circle
from circles.formation.budget import Budget, Status
from circles.formation.problem import Problem
from circles.formation.reading import ProblemError
from circles.formation.solve import solve
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors import formation as selectors
from circles.services.board import FormationError
from cohorts.models import Cohort, Side
from participants.models import Enrolment
from privacy.services import record

__all__ = ["FormationError", "carry_out", "start_run", "stop_run"]

log = logging.getLogger("comc.circles")

State = FormationRun.State
LISTEN_EVERY = 0.5
BEGINNING = Status(cost=None, bound=None, seconds=0, share=0)
# A run that has not been heard of for so long has lost its worker.
SILENT_FOR = dt.timedelta(minutes=3)


@transaction.atomic
def start_run(*, cohort: Cohort, by: User | None, seconds: int = 20) -> FormationRun:
    """Ask a worker to form circles, keeping the pins of the newest proposal.

    Raises FormationError when a run is under way, circles are published, or there is nobody to seat.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=cohort.pk)
    _check_start(cohort)
    run = FormationRun(cohort=cohort, requested_by=by, seconds_limit=seconds, seed=cohort.formation_runs.count() + 1)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise FormationError("Circles are being formed already. Wait for that run, or stop it.") from error
    record(by=by, verb="formation.started", about=run, seconds=seconds)
    _wake(run)
    return run


def _check_start(cohort: Cohort) -> None:
    if cohort.published_at:
        raise FormationError("The circles of this cohort are published already.")
    _release_silent(cohort.formation_runs.filter(state__in=[State.QUEUED, State.RUNNING]))
    sides = set(cohort.enrolments.enrolled().values_list("side", flat=True))
    if missing := {Side.LEAD, Side.MEMBER} - sides:
        role = cohort.format.role_of(Side.LEAD if Side.LEAD in missing else Side.MEMBER)
        raise FormationError(f"Nobody has finished enrolling as a {role} who could sit on one of the two sides yet.")


def _release_silent(runs: QuerySet[FormationRun]) -> None:
    """Let go of runs whose worker has died, so that they do not stand in the way for ever."""
    for run in runs:
        heard = dt.datetime.fromisoformat(run.progress["at"]) if "at" in run.progress else run.created_at
        if clock.now() - heard > SILENT_FOR:
            _finish(run, State.FAILED, "The worker that formed the circles stopped. Please start again.")


def _wake(run: FormationRun) -> None:
    from circles.tasks.formation import form

    transaction.on_commit(lambda: form.try_delay(str(run.pk)))


@transaction.atomic
def stop_run(*, run: FormationRun, by: User | None) -> None:
    """Ask a run to stop and keep the best that it has found; one that has not begun ends at once."""
    locked = FormationRun.objects.select_for_update().get(pk=run.pk)
    if locked.state not in (State.QUEUED, State.RUNNING) or locked.stop_requested:
        return
    locked.stop_requested = True
    locked.save(update_fields=["stop_requested"])
    record(by=by, verb="formation.stopped", about=locked)
    if locked.state == State.QUEUED:
        _finish(locked, State.FAILED, "Stopped before it began.")


# --- the worker's side ------------------------------------------------------------------------
def carry_out(*, run_id: UUID | str, rounds: int | None = None) -> bool:
    """Form the circles of a run that nobody has claimed; False when there is nothing to do.

    It takes the seconds of the run, or so many `rounds` of the search, however long those take on this machine.
    """
    unclaimed = FormationRun.objects.filter(pk=run_id, state=State.QUEUED)
    begun = _progress("Reading who enrolled", BEGINNING)
    if not unclaimed.update(state=State.RUNNING, started_at=clock.now(), progress=begun):
        return False
    run = FormationRun.objects.select_related("cohort__format").get(pk=run_id)
    try:
        _form(run, rounds)
    except ProblemError as error:
        _finish(run, State.FAILED, str(error))
    except Exception:
        log.exception("Run %s failed", run.pk)
        _finish(run, State.FAILED, "Something went wrong on our side. The team has been told; please try again later.")
    return True


def _form(run: FormationRun, rounds: int | None) -> None:
    people = list(selectors.people_of(run.cohort))
    pins = selectors.pins_of(selectors.latest_proposal(run.cohort))
    data = selectors.problem_data(run.cohort, people, pins)
    problem = selectors.checked(data, people)
    seconds = run.seconds_limit if rounds is None else None
    budget = Budget(seconds=seconds, rounds=rounds, progress=_Reporter(run), should_stop=_Listener(run))
    answer = solve(problem, budget=budget, seed=run.seed)
    run.input_hash, run.settings = selectors.fingerprint(data), selectors.settings_of(problem)
    _store(run, people, problem, answer)


def _progress(step: str, status: Status) -> dict[str, Any]:
    return {
        "step": step,
        "share": round(status.share, 3),
        "cost": status.cost,
        "bound": status.bound,
        "seconds": round(status.seconds, 1),
        "at": clock.now().isoformat(),
    }


class _Reporter:
    """Writes into the run how far the engine is."""

    def __init__(self, run: FormationRun) -> None:
        self.run = run
        self.cost: float | None = None

    def __call__(self, status: Status) -> None:
        # While a further start is tried there is no cost of its own yet; the best so far stands.
        self.cost = status.cost if status.cost is not None else self.cost
        status = replace(status, cost=self.cost)
        step = "Finding meetings that seat everybody" if status.cost is None else "Making the circles better"
        FormationRun.objects.filter(pk=self.run.pk).update(progress=_progress(step, status))


class _Listener:
    """Says whether staff have asked the run to stop; looks no oftener than twice a second."""

    def __init__(self, run: FormationRun) -> None:
        self.run, self.looked, self.answer = run, 0.0, False

    def __call__(self) -> bool:
        if not self.answer and time.monotonic() - self.looked > LISTEN_EVERY:
            self.looked = time.monotonic()
            self.answer = FormationRun.objects.filter(pk=self.run.pk, stop_requested=True).exists()
        return self.answer


def _finish(run: FormationRun, state: str, problem: str = "") -> None:
    run.state, run.problem, run.finished_at = state, problem, clock.now()
    run.save(update_fields=["state", "problem", "finished_at"])


@transaction.atomic
def _store(run: FormationRun, people: list[Enrolment], problem: Problem, answer: Answer) -> None:
    """Write the proposal: its circles by meeting, a seat for everybody placed and for everybody who waits."""
    by_id = {str(one.pk): one for one in people}
    slots = {str(slot): slot for slot in run.cohort.slots.all()}
    pinned = problem.pinned
    led = {one_way.mentor: one_way for one_way in answer.circles if by_id[one_way.mentor].side == Side.LEAD}
    order = sorted(led.values(), key=lambda circle: _order(circle, by_id, list(slots)))
    seats = []
    for number, circle in enumerate(order, start=1):
        proposed = ProposedCircle.objects.create(
            run=run,
            number=number,
            lead=by_id[circle.mentor],
            slot=slots.get(circle.slot or ""),
            place=circle.place or "online",
        )
        seats += [
            ProposedSeat(
                run=run, enrolment=by_id[i], circle=proposed, because=answer.because.get(i, []), pinned=i in pinned
            )
            for i in circle.mentees
        ]
    for mentee, reason in answer.waiting.items():
        if by_id[mentee].side == Side.MEMBER:
            seats.append(ProposedSeat(run=run, enrolment=by_id[mentee], reason=reason))
    ProposedSeat.objects.bulk_create(seats)
    run.cost, run.bound, run.parts = answer.cost, answer.bound, {k: v for k, v in answer.parts.items() if v}
    done = Status(answer.cost, answer.bound, answer.seconds, share=1)
    run.progress = _progress("Done", done) | {
        "proof": answer.proof, "waiting": answer.parts.get("waiting", 0), "held": len(pinned),
    }  # fmt: skip
    run.save(update_fields=["cost", "bound", "parts", "progress", "input_hash", "settings"])
    _finish(run, State.DONE)
    record(by=None, verb="formation.done", about=run, circles=len(order), waiting=sum(not s.circle for s in seats))


def _order(circle: Circle, by_id: dict[str, Enrolment], slots: list[str]) -> tuple[int, str]:
    """Circles are numbered by their time of the week, then by who leads."""
    when = slots.index(circle.slot) if circle.slot in slots else len(slots)
    return when, by_id[circle.mentor].user.sort_name
