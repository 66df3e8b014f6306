"""Whether mail leaves at all: messages whose time came long ago, and that nobody has taken in hand.

A worker that is alive claims whatever is due at its next tick, at night too: what has to wait for working hours it puts
back with a later time, and what fails with its next attempt. So a row whose own time is long past means that nobody
works, or that so many are sent at once that their turn has not come. The second is told from the first by its claims.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, Q

from accounts import clock
from outbox.models import Message, MessageEvent, State

LATE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Standstill:
    """How many messages have been left lying, and since when the oldest of them."""

    count: int
    since: dt.datetime


def found() -> Standstill | None:
    """What lies there now; None while mail leaves. One query."""
    late = clock.now() - LATE
    claims = MessageEvent.objects.filter(state=State.SENDING, created_at__gt=late)
    left_waiting = Q(state=State.WAITING, next_attempt_at__lte=late) & ~Exists(claims)
    left_in_hand = Q(state=State.SENDING, claimed_at__lte=late)
    lying = Message.objects.filter(left_waiting | left_in_hand)
    count, since = lying.order_by().aggregate(count=Count("pk"), since=Min("next_attempt_at")).values()
    return Standstill(count, since) if count else None
