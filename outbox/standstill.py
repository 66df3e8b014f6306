"""Whether mail leaves at all: messages that nobody has taken in hand, and a mail server that takes none.

A worker that is alive claims whatever is due at its next tick, at night too: what has to wait for working hours it puts
back with a later time, and what fails with its next attempt. So a row whose own time is long past means that nobody
works, or that so many are sent at once that their turn has not come. The second is told from the first by its claims.

What a worker does claim, and a mail server puts off, has that server's answer in its history. One such answer says
little, and one to an address may be that address's own; but while messages are put off for longer than a moment, and
not one has been accepted since the first of them, it is the server that takes nothing.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import clock
from outbox.models import Message, MessageEvent, State

LATE = dt.timedelta(minutes=30)
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# How `outbox.delivery` begins the reason of what a mail server did, and of what it said about one address.
SERVER, ADDRESS = "The mail server", "The mail server refused the address"
CODE = re.compile(r"\b([245]\d\d)\b")
FAULT = re.compile(r"\((\w+)\)")


@dataclass(frozen=True)
class Standstill:
    """How many messages have been left lying, and since when the oldest of them."""

    count: int
    since: dt.datetime


@dataclass(frozen=True)
class Refusal:
    """How many messages the mail server has put off, since when without accepting any, and its last answer.

    The answer is its class alone: what a server says may name somebody.
    """

    count: int
    since: dt.datetime
    answer: str


@dataclass(frozen=True)
class Found:
    lying: Standstill | None = None
    refused: Refusal | None = None


def found() -> Found:
    """What holds mail up now. One query; two more while some message waits for another attempt."""
    late = clock.now() - LATE
    claims = MessageEvent.objects.filter(state=State.SENDING, created_at__gt=late)
    left_waiting = Q(state=State.WAITING, next_attempt_at__lte=late) & ~Exists(claims)
    left_in_hand = Q(state=State.SENDING, claimed_at__lte=late)
    lies, tried = left_waiting | left_in_hand, Q(state=State.WAITING, attempts__gt=0)
    count, since, again = (
        Message.objects.filter(lies | tried)
        .order_by()
        .aggregate(count=Count("pk", lies), since=Min("next_attempt_at", filter=lies), again=Count("pk", tried))
        .values()
    )
    return Found(Standstill(count, since) if count else None, _refused(late) if again else None)


def _refused(late: dt.datetime) -> Refusal | None:
    """What the mail server has put off for so long without accepting anything; None where it may be one address's."""
    answers = _put_off_since_the_last_acceptance()
    told = answers.order_by().aggregate(
        count=Count("message", distinct=True),
        since=Min("created_at"),
        addresses=Count("message__address", distinct=True),
        of_all=Count("pk", ~Q(why__startswith=ADDRESS)),
    )
    if not told["count"] or told["since"] > late or (told["addresses"] == 1 and not told["of_all"]):
        return None
    last = answers.order_by("-created_at").values_list("why", flat=True)[0]
    return Refusal(told["count"], told["since"], answer_class(last))


def _put_off_since_the_last_acceptance() -> QuerySet[MessageEvent]:
    """The server's answers to what still waits for another attempt, from the history.

    What waits for working hours since then says so, and is no evidence: nobody has asked the server again.
    """
    accepted = MessageEvent.objects.filter(state=State.SENT).order_by("-created_at").values("created_at")[:1]
    waits = Q(message__state__in=[State.WAITING, State.SENDING], message__reason__startswith=SERVER)
    answers = MessageEvent.objects.filter(waits, state=State.WAITING, why__startswith=SERVER)
    return answers.filter(created_at__gt=Coalesce(Subquery(accepted), EVER))


def answer_class(why: str) -> str:
    """“a temporary refusal (421)”, “none, it could not be reached (ConnectionRefusedError)”."""
    if code := CODE.search(why):
        words = "a refusal of our name and password" if code[1] in {"530", "534", "535"} else "a temporary refusal"
        return f"{words} ({code[1]})"
    fault = FAULT.search(why)
    return f"none, it could not be reached ({fault[1]})" if fault else "none that we know"
