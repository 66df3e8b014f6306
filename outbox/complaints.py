"""Taking in a complaint about personal data, and answering it: what writes to the person who complains.

The row is `privacy`'s. These verbs stand here because each of them also queues a message.
"""

import datetime as dt
import hashlib

from django.db import connection, transaction

from accounts import clock
from accounts.models import User
from accounts.workdays import is_working_day
from outbox.complaint_emails import ANSWERED, RECEIVED
from outbox.models import Message
from outbox.services import queue
from privacy.complaint_models import Complaint
from privacy.services import record

WITHIN = dt.timedelta(days=30)
# Within this time the same words again are the button pressed twice.
PRESSED_TWICE = dt.timedelta(minutes=10)
# Complaints are taken in one at a time; any constant that nothing else locks.
LOCK = 0xC031


class AnsweredAlreadyError(Exception):
    """Somebody else has answered it in the meantime."""


class WrittenMeanwhileError(Exception):
    """Somebody else has written down what was done since it was read; it holds their words."""

    def __init__(self, theirs: str) -> None:
        super().__init__("Somebody else has written down what was done since you read it.")
        self.theirs = theirs


def digest(done: str) -> str:
    """Of what was done, for a page to carry: by it one knows whether that is still what was read."""
    return hashlib.sha256(done.encode()).hexdigest()[:32]


def answer_by(received: dt.date) -> dt.date:
    """The thirtieth day; where that is a weekend or bank holiday, the working day before it, never a later one."""
    day = received + WITHIN
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


@transaction.atomic
def receive(*, name: str, email: str, text: str, wish: str = "", by: User | None = None) -> Complaint:
    """Put a complaint into the register and acknowledge it, once, without a word of it in the mail.

    Whoever is signed in is written to at the address of their account, whatever else was typed.
    """
    _one_at_a_time()
    user = _whose(email, by)
    email = (user.email if user else email).strip().lower()
    lately = Complaint.objects.filter(email=email, created_at__gt=clock.now() - PRESSED_TWICE)
    if again := next((one for one in lately if (one.text, one.wish) == (text, wish)), None):
        return again
    due_on = answer_by(clock.today())
    made = Complaint.objects.create(
        number=_next_number(), name=name, email=email, user=user, text=text, wish=wish, due_on=due_on
    )  # fmt: skip
    write(RECEIVED, made)
    record(by=by, verb="complaint.received", about=made)
    return made


def _whose(email: str, by: User | None) -> User | None:
    """The account of whoever complains. One of the team who gives another address takes down what somebody told them:
    they know whose address it is.
    """
    if by is None or not by.is_staff or email.strip().lower() == by.email.lower():
        return by
    return User.objects.by_address(email)


def write(kind: str, complaint: Complaint, occurrence: str = "") -> None:
    """Queue a mail to whoever complained, at their account where they have one."""
    if complaint.user is not None:
        queue(kind=kind, about=complaint, to=complaint.user, occurrence=occurrence)
    else:
        queue(kind=kind, about=complaint, address=complaint.email, name=complaint.name, occurrence=occurrence)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _next_number() -> int:
    """Never one that was given before: it is what a person calls their complaint, also when the row has gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('privacy_complaint_numbers')")
        return cursor.fetchone()[0]


def lock(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update().get(pk=complaint.pk)


@transaction.atomic
def look_into(*, complaint: Complaint, by: User) -> None:
    """Say that one looks into it. Saying it again changes nothing."""
    locked = lock(complaint)
    if locked.state != Complaint.State.RECEIVED:
        return
    locked.state, locked.looked_into_at, locked.looked_into_by = Complaint.State.LOOKED_INTO, clock.now(), by
    locked.save(update_fields=["state", "looked_into_at", "looked_into_by"])
    record(by=by, verb="complaint.looked_into", about=locked)


@transaction.atomic
def hold(*, complaint: Complaint, done: str, read: str | None) -> Complaint:
    """Lock an open complaint for whoever would write `done`, having read what has this digest; None where nothing was.

    Raises AnsweredAlreadyError, or WrittenMeanwhileError where what they read is no longer what stands there.
    """
    locked = lock(complaint)
    if not locked.is_open:
        raise AnsweredAlreadyError
    if read is not None and locked.done != done and digest(locked.done) != read:
        raise WrittenMeanwhileError(locked.done)
    return locked


@transaction.atomic
def write_done(*, complaint: Complaint, done: str, by: User, read: str | None = None) -> None:
    """Keep what was done about it, for the team. Raises as `hold` does."""
    locked = hold(complaint=complaint, done=done, read=read)
    locked.done = done
    locked.save(update_fields=["done"])
    record(by=by, verb="complaint.done_written", about=locked)


@transaction.atomic
def answer(*, complaint: Complaint, outcome: str, done: str, answer: str, by: User, read: str | None = None) -> None:
    """Answer it, and send the answer. Raises as `hold` does, AnsweredAlreadyError where that has been done."""
    hold(complaint=complaint, done=done, read=read)
    look_into(complaint=complaint, by=by)
    locked = lock(complaint)
    locked.state, locked.outcome, locked.done, locked.answer = Complaint.State.ANSWERED, outcome, done, answer
    locked.answered_at, locked.answered_by = clock.now(), by
    locked.save(update_fields=["state", "outcome", "done", "answer", "answered_at", "answered_by"])
    write(ANSWERED, locked)
    record(by=by, verb="complaint.answered", about=locked, outcome=outcome)


@transaction.atomic
def forget_person(*, complaint: Complaint) -> None:
    """Forget who complained and in which words; that one came, and what came of it, stays until its time is over."""
    nothing = {"name": "Erased", "email": "", "text": "", "wish": "", "done": "", "answer": "", "user": None}
    Complaint.objects.filter(pk=complaint.pk).update(**nothing)
    Message.objects.about(complaint).update(address="", name="")
    record(by=None, verb="complaint.erased", about=complaint)
