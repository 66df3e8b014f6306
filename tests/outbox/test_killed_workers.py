"""Workers that are killed for good (SIGKILL), over a server that refuses, hangs up and is silent.

Real processes, a real PostgreSQL and a real SMTP server. The server itself kills the worker it is talking to, either
before it takes a mail or after, so it is known which kills fell between its acceptance and our commit.
"""

import contextlib
import datetime as dt
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail.utils import DNS_NAME
from django.db import DEFAULT_DB_ALIAS, connections

from outbox import claims, delivery
from outbox.models import Message, State
from outbox.services import Letter as Queued
from outbox.services import queue_all
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink, start

WORKERS, MESSAGES, REFUSED = 4, 200, 5
KILLS = 6  # of each sort, at most
PATIENCE = 240  # seconds, after which the test has failed


@dataclass
class Rough(Sink):
    """Takes mail unkindly. Workers say their process number when they greet it."""

    chance: random.Random = field(default_factory=lambda: random.Random(7))
    accepted: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 No such user"
        if self.chance.random() < 0.05:
            self.refusals["4xx"] += 1
            return "451 Try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fate = self.chance.random()
        if fate < 0.08 and self.kills["before"] < KILLS:
            return self.kill("before", server, session)
        if fate > 0.97:
            self.refusals["dropped"] += 1
            server.transport.abort()
            return "421 Gone"
        answer = await super().handle_DATA(server, session, envelope)
        self.accepted[str(self.received[-1]["Message-ID"])] += 1
        if fate < 0.16 and self.kills["after"] < KILLS:
            return self.kill("after", server, session)
        return answer

    def kill(self, when: str, server: SMTP, session: Session) -> str:
        """Kill the worker of this session before it hears an answer."""
        os.kill(int(str(session.host_name).removeprefix("worker-")), signal.SIGKILL)
        self.kills[when] += 1
        server.transport.abort()
        return "421 Gone"


def worker() -> int:
    """A process that sends what is due, as a Celery worker's does; its number."""
    connections.close_all()
    if pid := os.fork():
        return pid
    # After browser tests there is a second connection, which only a thread without an event loop sees: the child is
    # one, and would talk into the same socket as its siblings.
    with contextlib.suppress(AttributeError):
        del connections[DEFAULT_DB_ALIAS]
    try:
        DNS_NAME._fqdn = f"worker-{os.getpid()}"
        delivery.deliver_all()
    finally:
        os._exit(0)


def run_until_done() -> None:
    """Four workers while something is due, each dead one replaced, and one to look after what dead ones left."""
    ends, pids = time.monotonic() + PATIENCE, set()
    while states := set(
        Message.objects.filter(state__in=[State.WAITING, State.SENDING]).values_list("state", flat=True)
    ):
        assert time.monotonic() < ends, "Some messages are still on their way."
        pids = {pid for pid in pids if os.waitpid(pid, os.WNOHANG) == (0, 0)}
        wanted = WORKERS if Message.objects.due().exists() else int(State.SENDING in states)
        pids |= {worker() for _ in range(wanted - len(pids))}
        time.sleep(0.1)
    for pid in pids:
        os.waitpid(pid, 0)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_only_kills_after_acceptance_double(
    letter: Letter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Rough()
    controller = start(server)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    monkeypatch.setattr(claims, "BACK_OFF", [dt.timedelta(seconds=0.1)] * 30)
    people = UserFactory.create_batch(10)
    nobody = UserFactory(email="nobody@employer.example")
    queue_all(Queued("tests.letter", one, one, str(n)) for one in people for n in range(MESSAGES // len(people)))
    queue_all(Queued("tests.letter", nobody, nobody, str(n)) for n in range(REFUSED))
    try:
        run_until_done()
    finally:
        controller.stop()
    sent = set(Message.objects.filter(state=State.SENT).values_list("message_id", flat=True))
    assert set(server.accepted) == sent
    assert len(sent) == MESSAGES
    assert Message.objects.filter(state=State.FAILED, recipient=nobody).count() == REFUSED
    assert Message.objects.count() == MESSAGES + REFUSED
    assert min(server.kills["before"], server.kills["after"]) >= KILLS // 2
    assert min(server.refusals["4xx"], server.refusals["dropped"]) > 0
    assert server.accepted.total() - len(sent) <= server.kills["after"]
