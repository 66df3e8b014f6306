"""Who has which row in hand. A claim lasts as long as the database session of the run that made it, and no longer.

Each run holds a lock on a number of its own (an advisory one, which PostgreSQL gives up with the session, however
that ends) and writes the number into the rows that it claims. Whoever can take that lock knows that the run is over,
and gives back what it left: a worker that was killed holds nothing up beyond the next tick.

The other way round, a run whose session has ended hands nothing over any more (`must_hold`), for others may have its
rows. So nobody takes a row from a session that lives: where one has said nothing for MAIL_STUCK_AFTER by the clock of
the database (its machine has vanished, its process hangs) it is ended first, and whoever wakes up again finds out.
"""

import contextlib
import datetime as dt
import logging
import random
import select
import time
import weakref
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat

from accounts import clock
from outbox import pace
from outbox.models import Message, State

log = logging.getLogger("comc.outbox")

# Waits after each temporary failure; after the last one staff are told.
BACK_OFF = [dt.timedelta(seconds=seconds) for seconds in settings.MAIL_BACK_OFF]
# The first half of our locks' numbers, so that nobody else's are ours.
LOCKS = 20_260
# A row that was in the hands of so many runs that died waits from then on: it may be what they died of.
DEATHS = 3
GIVEN_BACK = "The worker that had it in hand came to an end."
# Prepared once in a session: to plan it takes PostgreSQL longer than to carry it out.
PREPARED = (
    "PREPARE mail_finished"
    " (uuid, timestamptz, timestamptz, text, text, int, timestamptz, text, timestamptz, bool, text) AS"
    " WITH finished AS (UPDATE outbox_message SET state = $4, reason = $5, attempts = $6, next_attempt_at = $7,"
    " subject = $8, sent_at = $9, urgent = $10"
    " WHERE id = $1 AND state IN ('sending', 'waiting') AND claimed_at = $2 RETURNING id)"
    " INSERT INTO outbox_messageevent (id, created_at, message_id, state, why)"
    " SELECT gen_random_uuid(), $3, id, $4, $11 FROM finished"
)
NOTED = (
    "INSERT INTO outbox_messageevent (id, created_at, message_id, state, why)"
    " SELECT gen_random_uuid(), %s, unnest(%s::uuid[]), %s, %s"
)
# Sessions that hold a lock of ours and have said nothing for so long; the clock is the database's own.
SILENT = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
    " AND datname = current_database() AND usename = current_user AND classid = %s AND objid::bigint = ANY(%s)"
    " AND granted AND pid <> pg_backend_pid()"
    " AND clock_timestamp() - greatest(query_start, state_change) > make_interval(secs => %s)"
)
# What the database says when the session is gone, or it could not answer for now. Seconds between tries to say it anew.
GONE = (OperationalError, InterfaceError)
AGAIN = (0.1, 1.0, 3.0)

# The sessions in which it is prepared; of several threads, each has its own.
_prepared: weakref.WeakSet[Any] = weakref.WeakSet()
_session: ContextVar[Any] = ContextVar("session", default=None)


class SessionLostError(Exception):
    """The database session of a run has ended, and its claims with it: others may have the rows in hand."""


@contextlib.contextmanager
def run() -> Iterator[int]:
    """Within this block claims can be made in the run's name, which it yields. Raises RuntimeError within another."""
    if _session.get() is not None:
        raise RuntimeError("A run can’t begin within another: their sessions, and so their locks, would be one.")
    number = _own_number()
    token = _session.set(connection.connection)
    try:
        yield number
    finally:
        _session.reset(token)
        try:
            _ask("pg_advisory_unlock", number)
        except Error:  # the session has gone, and the lock with it
            connection.close()


def must_hold() -> None:
    """Ask before each mail is handed over. Raises SessionLostError in a run whose session has ended.

    Costs no query: a session that has ended has left word in its socket.
    """
    session = _session.get()
    if session is None:
        return
    if connection.connection is not session or session.closed or (_has_word(session) and not _answers()):
        raise SessionLostError


def _has_word(session: Any) -> bool:
    poll = select.poll()
    poll.register(session.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers() -> bool:
    """What was said may have been a mere notice."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _own_number() -> int:
    while True:
        number = random.randrange(1, 2**31)  # noqa: S311 - must differ, not be secret
        if _ask("pg_try_advisory_lock", number):
            return number


def _ask(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCKS, number])
        return bool(cursor.fetchone()[0])


def claim(most: int = 1, number: int | None = None) -> list[Message]:
    """Take the next due rows, the urgent ones first, so that no other run can; none when there are none.

    Without the number of a run they are held until MAIL_STUCK_AFTER has passed.
    """
    now = clock.now()
    with transaction.atomic():
        free = Message.objects.due().select_for_update(skip_locked=True, of=("self",))
        messages = pace.within(lambda which, many: list(free.filter(**which).order_by(*ORDER)[:many]), most)
        for message in messages:
            message.state, message.claimed_at, message.claimer = State.SENDING, now, number
            message.attempts += 1
            message.message_id = message.message_id or f"<{message.pk}@{settings.MAIL_DOMAIN}>"
        if messages:
            Message.objects.filter(pk__in=[message.pk for message in messages]).update(
                state=State.SENDING,
                claimed_at=now,
                claimer=number,
                attempts=F("attempts") + 1,
                message_id=_message_id(),
            )
            note(messages, State.SENDING, "")
    return messages


ORDER = ("-urgent", "next_attempt_at")


def _message_id() -> Case:
    """A row's own, from its first claim on: so a doubled mail is known as one."""
    made = Concat(Value("<"), Cast("id", CharField()), Value(f"@{settings.MAIL_DOMAIN}>"))
    return Case(When(message_id="", then=made), default=F("message_id"))


def note(messages: Iterable[Message], state: str, why: str) -> None:
    """Write into the history of messages that they are in another state now; one query."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED, [clock.now(), [message.pk for message in messages], state, why])


def finish(message: Message, state: str, reason: str, said: str = "") -> None:
    """Finish a claim and write it into the row's history: one statement, and so one commit of its own.

    The history keeps the reason, or else what was `said` when it went well.

    Nothing is written when the row has been claimed again since. One that was given back and that nobody has claimed
    yet is still ours: so what was handed over as the session ended is marked on another one, and not sent twice.
    """
    message.state, message.reason = state, reason
    mine = [message.pk, message.claimed_at, clock.now()]
    row = [state, reason, message.attempts, message.next_attempt_at, message.subject, message.sent_at, message.urgent]
    if not _written([*mine, *row, reason or said]):
        log.warning("Message %s was taken over by another worker before it could be marked %s", message.pk, state)


def _written(values: list[Any]) -> int:
    """How many rows; tried on a new session for some seconds, for as long as a database takes to begin anew."""
    for pause in AGAIN:
        try:
            return _write(values)
        except GONE:
            if connection.in_atomic_block:
                raise
            log.warning("A message could not be marked; the database is asked again in %s s", pause)
            connection.close()
            time.sleep(pause)
    return _write(values)


def _write(values: list[Any]) -> int:
    with connection.cursor() as cursor:
        if connection.connection not in _prepared:
            cursor.execute(PREPARED)
            _prepared.add(connection.connection)
        cursor.execute(f"EXECUTE mail_finished ({', '.join(['%s'] * len(values))})", values)
        return cursor.rowcount


def wait_after(attempts: int) -> dt.timedelta | None:
    """How long a message waits after so many attempts; None when it is given up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


@transaction.atomic
def give_back(number: int) -> int:
    """Make free what dead runs left in hand, but for the asking run's own; returns how many rows."""
    held = Message.objects.filter(state=State.SENDING)
    others = set(held.exclude(claimer=None).exclude(claimer=number).values_list("claimer", flat=True).distinct())
    # Only while this transaction holds their locks are they surely dead: nobody can take such a number meanwhile.
    dead = {other for other in sorted(others) if _ask("pg_try_advisory_xact_lock", other)}
    end_silent(others - dead)
    # Without a run's number there is no session to ask for: those are known by their age alone.
    old = Q(claimer=None, claimed_at__lte=clock.now() - dt.timedelta(seconds=settings.MAIL_STUCK_AFTER))
    rows = list(held.filter(Q(claimer__in=dead) | old).select_for_update(skip_locked=True).only("attempts"))
    for attempts in {row.attempts for row in rows}:
        _give_back([row for row in rows if row.attempts == attempts], attempts)
    return len(rows)


def end_silent(numbers: set[int]) -> int:
    """End the sessions of these runs that have said nothing for MAIL_STUCK_AFTER; what they held is free next time."""
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SILENT, [LOCKS, list(numbers), settings.MAIL_STUCK_AFTER])
        return cursor.rowcount


def _give_back(rows: list[Message], attempts: int) -> None:
    """The same number of attempts, so the same fate."""
    wait, state, values = wait_after(attempts), State.WAITING, {}
    if wait is None:
        state = State.FAILED
    elif attempts >= DEATHS:
        values = {"next_attempt_at": clock.now() + wait}
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, reason=GIVEN_BACK, **values)
    note(rows, state, GIVEN_BACK)
