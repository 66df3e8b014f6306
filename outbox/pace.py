"""How fast messages leave that may wait. It is counted in the database, so all workers together keep to it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings

from accounts import clock
from outbox.models import Message, Pace

MINUTE = dt.timedelta(minutes=1)
Take = Callable[[dict[str, Any], int], list[Message]]


def within(take: Take, most: int) -> list[Message]:
    """What `take` finds, up to so many; of messages that may wait, no more than MAIL_PER_MINUTE leaves.

    Ask in a transaction: until it ends no other worker begins bulk mail. What is urgent never waits for that.
    """
    if not settings.MAIL_PER_MINUTE:
        return take({}, most)
    messages = take({"urgent": True}, most)
    if left := most - len(messages):
        messages += _bulk(take, left)
    return messages


def _bulk(take: Take, most: int) -> list[Message]:
    Pace.objects.bulk_create([Pace()], ignore_conflicts=True)
    pace, now = Pace.objects.select_for_update().get(), clock.now()
    if not pace.began_at <= now < pace.began_at + MINUTE:
        pace.began_at, pace.taken = now, 0
    free = min(most, settings.MAIL_PER_MINUTE - pace.taken)
    messages = take({"urgent": False}, free) if free > 0 else []
    if messages:
        pace.taken += len(messages)
        pace.save(update_fields=["began_at", "taken"])
    return messages
