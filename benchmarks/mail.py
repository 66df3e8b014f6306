"""`make bench-mail`: messages a second with every guarantee, against a bare loop that sends the same mails.

The floor knows its mails already, rendered and addressed, and hands them over one connection, nothing else. Ours
claims rows, asks whether each is still due, renders, hands over and marks, on a real PostgreSQL. Both take turns, in
the same number of processes, to the same mail server on loopback: one that offers PIPELINING, which the floor's
`smtplib` does not use, and one that does not.
"""

import argparse
import cProfile
import functools
import os
import pstats
import smtplib
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment  # noqa: E402

from accounts import clock  # noqa: E402
from benchmarks.programme import SEATS, queue_reminders  # noqa: E402
from benchmarks.soak import mail_server  # noqa: E402
from benchmarks.table import table  # noqa: E402
from outbox.delivery import deliver_all  # noqa: E402
from outbox.models import Message, State  # noqa: E402

COLUMNS = {
    "server": "server takes commands", "processes": "processes", "messages": "messages",
    "floor": "bare loop, mails ÷ s", "ours": "ours, mails ÷ s", "ratio": "÷ bare loop", "queries": "queries ÷ mail",
}  # fmt: skip
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
Mail = tuple[str, list[str], bytes]
SERVERS: dict[str, list[str]] = {"at once": [], "one by one": ["--one-by-one"]}


def rendered() -> list[Mail]:
    """Every mail that waits, as it would leave; the rows wait again afterwards."""
    deliver_all(limit=Message.objects.count())
    mails = [
        (settings.DEFAULT_FROM_EMAIL, one.recipients(), one.message().as_bytes(linesep="\r\n")) for one in mail.outbox
    ]
    again()
    return mails


def again() -> None:
    Message.objects.update(state=State.WAITING, attempts=0, sent_at=None, claimed_at=None, next_attempt_at=clock.now())


def bare(mails: list[Mail]) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for sender, recipients, body in mails:
            server.sendmail(sender, recipients, body)


def seconds_of(calls: list[Callable[[], Any]]) -> float:
    """How long the calls take, each in a process of its own, begun together."""
    connections.close_all()
    begin = time.perf_counter()
    pids = [_forked(call) for call in calls]
    if any(os.waitpid(pid, 0)[1] for pid in pids):
        raise SystemExit("A sender has failed.")
    return time.perf_counter() - begin


def _forked(call: Callable[[], Any]) -> int:
    if pid := os.fork():
        return pid
    status = 1
    try:
        call()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def compare(mails: list[Mail], processes: int, rounds: int) -> dict[str, Any]:
    parts = [mails[n::processes] for n in range(processes)]
    floors, ours = [], []
    for _ in range(rounds):
        floors.append(seconds_of([functools.partial(bare, part) for part in parts]))
        again()
        ours.append(seconds_of([lambda: deliver_all(limit=10 * len(mails))] * processes))
        if unsent := Message.objects.exclude(state=State.SENT).first():
            raise SystemExit(f"Not everything was sent: {unsent} {unsent.reason}")
    floor, our = (len(mails) / statistics.median(times) for times in (floors, ours))
    return {"processes": processes, "messages": len(mails), "floor": floor, "ours": our, "ratio": our / floor}


def queries_each(messages: int) -> float:
    """Queries for a message, in a run of many."""
    count = [0]

    def note(execute: Callable[..., Any], *arguments: Any) -> Any:
        count[0] += "accounts_clockoffset" not in arguments[0]
        return execute(*arguments)

    again()
    with connection.execute_wrapper(note):
        deliver_all(limit=messages)
    return count[0] / messages


def profile(messages: int) -> None:
    again()
    with cProfile.Profile() as profiler:
        deliver_all(limit=messages)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


def measure(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    messages = queue_reminders(arguments.messages // SEATS)
    mails, rows = rendered(), []
    for server, options in SERVERS.items():
        with tempfile.TemporaryDirectory() as folder, mail_server(Path(folder) / "accepted", *options) as port:
            settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP_BACKEND, "127.0.0.1", port
            if arguments.profile:
                profile(messages)
            known = {"server": server, "queries": queries_each(messages)}
            rows += [compare(mails, processes, arguments.rounds) | known for processes in (1, 2)]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-mail", description="Messages a second beside a bare loop.")
    parser.add_argument("--messages", type=int, default=2000, help="in tens (usual: 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each; the median counts (usual: 3)")
    parser.add_argument("--profile", action="store_true", help="print where the time goes first")
    arguments = parser.parse_args()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        rows = measure(arguments)
    finally:
        for database, name, destroy in databases:
            if destroy:
                database.creation.destroy_test_db(name, verbosity=0)
    sys.stdout.write(f"{table(rows, COLUMNS)}\n")


if __name__ == "__main__":
    main()
