"""Sending: a handful of rows claimed, each made into a mail, handed to the mail server, and marked, before the next.

A worker that dies leaves rows in `sending`, which are free again at the next tick (`outbox.claims` knows by what).
One of them may have been handed over and not been marked yet, or the mail server took it and its answer did not reach
us. That is the one window in which somebody may get a message twice, and the stable Message-ID, which a row has from
its first claim, lets mail programs show both as one.

The moment of a claim is the key to it: only who holds it writes how the row went, so a worker that was slow and
presumed dead changes nothing of what another has written since. Nor does it hand anything over: `claims.must_hold`.

While the server takes a mail in, the next one is made (`Turn`), and announced to the server before the first is marked;
but it is handed over only after that, so that no more than one mail of a worker is ever taken and not marked.
"""

import datetime as dt
import logging
import random
import re
import smtplib
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import prefetch_related_objects

from accounts import clock
from outbox import batch, bounces, calendar, claims, hours, kinds, line, preferences, stop_address, wording
from outbox.models import Message, State
from outbox.rendering import Rendered, one_line

log = logging.getLogger("comc.outbox")

# Rows claimed together: enough to read their facts in a few queries, few enough that a killed worker holds up little.
# More of them while they leave fast.
HANDFUL, MOST = 20, 100
# Seconds for which what was read about them counts; and within which a first handful leaves where more are taken next.
FRESH, FAST = 5.0, 0.5
# Rows that one run works on; it asks for the next itself.
RUN = 500
# So much of a wait may be added by chance: what failed together does not come back together.
JITTER = 0.2
ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
# Faults of our connection or its password, not of a message: they mend for all messages at once.
CONNECTION_ERRORS = (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError)


class NoLongerDueError(Exception):
    """The message has lost its reason while it waited."""


class NotYetError(Exception):
    """The message waits for working hours, until the moment that it holds."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__("It waits for working hours.")
        self.until = until


class Known(NamedTuple):
    """Who has refused which kind, and which addresses are not written to, read for many messages."""

    said_no: set[preferences.Pair]
    suppressed: dict[str, str]


@dataclass
class Turn:
    """A message's turn. Its mail may be made before that, or the reason found why there is none."""

    message: Message
    known: Known | None = None
    mail: line.Packed | None = None
    error: Exception | None = None

    def make_early(self) -> None:
        """Never raises: what is wrong with this message is said when its turn comes."""
        try:
            self.mail = _made(self.message, self.known)
        except Exception as error:  # `send` tells them apart
            self.error = error

    def take(self) -> line.Packed:
        """The mail; raises what kept it from being made."""
        if self.error is not None:
            raise self.error
        return self.mail or _made(self.message, self.known)

    def may_precede(self, other: "Turn") -> bool:
        """Whether its mail may be made before the other has been marked: it says nothing of how that went.

        It should not take long either, so everything that it must know has been read already.
        """
        mine, theirs = self.message, other.message
        same = mine.address == theirs.address or (
            mine.recipient_id is not None and mine.recipient_id == theirs.recipient_id
        )
        return mine.facts is not None and not same


def deliver_all(limit: int = RUN) -> int:
    """Send everything that is due, up to `limit`; returns how many rows were worked on.

    When the database session ends meanwhile so does this; the next tick finds what is left.
    """
    done, most = 0, HANDFUL
    try:
        with claims.run() as number, batch.begun(), line.held():
            claims.give_back(number)
            while done < limit and (messages := claims.claim(min(most, limit - done), number)):
                begin = time.monotonic()
                _send_handful(messages)
                done += len(messages)
                most = MOST if time.monotonic() - begin < FAST * len(messages) / HANDFUL else HANDFUL
    except claims.SessionLostError:
        log.warning("The database session of a run has ended; what it had in hand is left to the next")
    return done


def _send_handful(messages: list[Message]) -> None:
    """Send rows that were claimed together. What is not handed over soon goes back, for its facts grow old.

    So a row is never in hand for much longer than one mail takes, and no other worker thinks that ours is dead.
    """
    try:
        known = _read(messages)
    except Exception:  # one of them is about what can't be read; each will read for itself
        log.exception("What %s messages are about could not be read together", len(messages))
        known = None
    ends = time.monotonic() + min(FRESH, settings.MAIL_STUCK_AFTER / 4)
    turns = [Turn(message, known) for message in messages]
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        if time.monotonic() < ends:
            _take(turn, following)
        else:
            line.drop()  # this one may have been announced
            message = turn.message
            message.attempts -= 1
            claims.finish(message, State.WAITING, message.reason)


def _read(messages: list[Message]) -> Known:
    """Read in a few queries what messages are about and to whom, and what else must be known."""
    prefetch_related_objects(messages, "recipient", "about")
    for kind in {message.kind for message in messages if kinds.known(message.kind)}:
        things = [message.about for message in messages if message.kind == kind and message.about is not None]
        prefetch_related_objects(things, *kinds.get(kind).related)
    for read, those in _readers(messages).items():
        found = read(those)
        for message in those:
            message.facts = found
    pairs = [(message.recipient_id, message.kind) for message in messages if kinds.known(message.kind)]
    said_no = preferences.opted_out([(user, kind) for user, kind in pairs if user])
    return Known(said_no, bounces.suppressed({message.address for message in messages}))


def _readers(messages: list[Message]) -> dict[Callable[[list[Message]], Any], list[Message]]:
    readers = defaultdict(list)
    for message in messages:
        if kinds.known(message.kind) and (read := kinds.get(message.kind).read):
            readers[read].append(message)
    return readers


def send(message: Message) -> None:
    """Send one claimed message by itself and say in its row how it went."""
    _take(Turn(message))


def _take(turn: Turn, following: Turn | None = None) -> None:
    """Send one claimed message and say in its row how it went. One broken row never blocks the rest.

    Raises SessionLostError, and leaves the row to others, when it is not ours any more.
    """
    message = turn.message
    meanwhile = following.make_early if following is not None and following.may_precede(turn) else line.nothing
    try:
        said = line.hand_over(turn.take(), before=claims.must_hold, meanwhile=meanwhile)
    except claims.SessionLostError:
        raise
    except NoLongerDueError as reason:
        claims.finish(message, State.SKIPPED, str(reason))
    except NotYetError as wait:
        message.attempts, message.next_attempt_at = message.attempts - 1, wait.until
        message.urgent = kinds.get(message.kind).is_urgent(message.about, wait.until)
        claims.finish(message, State.WAITING, str(wait))
    except smtplib.SMTPRecipientsRefused as refusal:
        line.drop()
        code, text = next(iter(refusal.recipients.values()))
        _failed(message, f"The mail server refused the address: {code} {_words(text)}", permanent=code >= 500)
    except smtplib.SMTPResponseException as error:
        line.drop()
        reason_text = f"The mail server answered {error.smtp_code} {_words(error.smtp_error)}"
        _failed(message, reason_text, permanent=_is_permanent(error))
    except (smtplib.SMTPException, OSError) as error:
        line.drop()
        _failed(message, f"The mail server could not be reached ({type(error).__name__}).", permanent=False)
    except claims.GONE as error:  # the database has a bad moment; that says nothing about the message
        claims.must_hold()
        _failed(message, f"The database could not be asked ({type(error).__name__}).", permanent=False)
    except Exception as error:  # a fault of ours in one kind of message must not stop every other message
        log.exception("Message %s of kind %s could not be made", message.pk, message.kind)
        _failed(message, f"The message could not be made ({type(error).__name__}).", permanent=True)
    else:
        message.sent_at = clock.now()
        if following is not None and following.mail is not None:
            line.announce(following.mail)
        claims.finish(message, State.SENT, "", f"The mail server took it: {_words(said)[:200]}" if said else "")


def _is_permanent(error: smtplib.SMTPResponseException) -> bool:
    return error.smtp_code >= 500 and not isinstance(error, CONNECTION_ERRORS)


def _words(text: object) -> str:
    """What a mail server said, without the address that it may name."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return ADDRESS.sub("…", said)


def _made(message: Message, known: Known | None) -> line.Packed:
    """The mail. Raises NoLongerDueError or NotYetError where there is to be none, now or ever."""
    kind = kinds.get(message.kind)
    if message.content_type_id and message.about is None:
        raise NoLongerDueError("What it was about has been removed.")
    not_written_to = bounces.suppressed([message.address]) if known is None else known.suppressed
    if reason := not_written_to.get(message.address):
        raise NoLongerDueError(reason)
    if reason := preferences.refused(message, known and known.said_no) or kind.still_due(message):
        raise NoLongerDueError(reason)
    now = clock.now()
    if settings.QUIET_HOURS and (opens := hours.opening(now, kind.hours(message.about))) > now:
        raise NotYetError(opens)
    refuse = preferences.link(message)
    rendered = wording.render(kind, kind.context(message), refuse)
    message.subject = rendered.subject[:300] if not kind.key.startswith("account.") else kind.title
    mail = compose(message, rendered, kind.calendar(message))
    mail.extra_headers |= preferences.headers(refuse, _stop_address(message) if refuse else "")
    return line.pack(mail, message.address)


def _stop_address(message: Message) -> str:
    return stop_address.address(message.recipient, preferences.category_of(message.kind)) if message.recipient else ""


def compose(message: Message, rendered: Rendered, part: calendar.CalendarPart | None) -> EmailMultiAlternatives:
    """The e-mail itself: text, HTML and, where there is one, the calendar part, for exactly one person."""
    mail = EmailMultiAlternatives(
        subject=one_line(rendered.subject),
        body=rendered.text,
        to=[formataddr((one_line(message.name), message.address))],
        reply_to=[kinds.reply_address(message)],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(rendered.html, "text/html")
    if part is not None:
        organiser = part.organiser or settings.MAIL_REPLY_TO
        body = calendar.build(part, organiser=organiser, attendee=message.address, stamp=clock.now())
        # Django adds the charset itself; named twice, the header is not one that every calendar can read.
        mail.attach_alternative(body.decode(), f"text/calendar; method={part.method}")
    return mail


def _failed(message: Message, reason: str, *, permanent: bool) -> None:
    wait = claims.wait_after(message.attempts)
    if permanent or wait is None:
        claims.finish(message, State.FAILED, reason)
        return
    message.next_attempt_at = clock.now() + wait * (1 + JITTER * random.random())  # noqa: S311 - spreads load, no secret
    claims.finish(message, State.WAITING, reason)
