"""The one task that sends."""

import contextlib
import logging

from celery import Task, shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError

from outbox.delivery import RUN, deliver_all
from outbox.retention import forget_old_messages

log = logging.getLogger("comc.outbox")


# Seen by the health check: beat is alive while this is in the cache.
LAST_TICK = "outbox:last-tick"
TICK_REMEMBERED = 180


class Tick(Task):
    """A task whose loss does no harm: beat asks again."""

    def try_delay(self) -> None:
        with contextlib.suppress(OperationalError, OSError):
            self.apply_async(retry=False, ignore_result=True)


@shared_task(name="outbox.deliver", base=Tick)
def deliver() -> int:
    """Send what is due. Any number of these may run at once: each row is claimed by one of them.

    Where a run leaves something over, the next one begins at once and not at the next tick.
    """
    cache.set(LAST_TICK, True, TICK_REMEMBERED)
    done = deliver_all()
    if done >= RUN:
        deliver.try_delay()
    return done


@shared_task(name="outbox.forget_old")
def forget_old() -> int:
    """Forget messages whose time is over. Running it twice forgets nothing more."""
    return forget_old_messages()
