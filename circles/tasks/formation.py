"""Runs the engine that forms circles."""

import contextlib
from uuid import UUID

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from circles.services import formation


class RunTask(Task):
    """A run that the broker loses stays queued: staff see that it does, and may start another after a few minutes."""

    def try_delay(self, run_id: str) -> None:
        with contextlib.suppress(OperationalError, OSError):
            self.apply_async(args=[run_id], retry=False, ignore_result=True)


@shared_task(name="circles.form", base=RunTask)
def form(run_id: str) -> bool:
    """Form the circles of one run. Running it twice changes nothing: a run is claimed once."""
    return run_engine(run_id)


def run_engine(run_id: UUID | str) -> bool:
    """The same in this process, for whoever cannot wait for a worker."""
    return formation.carry_out(run_id=run_id)
