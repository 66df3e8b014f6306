"""`make soak`: 20,000 messages due at once, and everything goes wrong that can.

Four of the product's own workers, a real PostgreSQL and Redis, and a mail server that refuses, hangs up and is slow.
Workers are killed for good (SIGKILL) at random and started again, and Redis is emptied. At the end nothing may be
lost, nothing unsent, and nobody may have got a message twice but by a kill between the server's acceptance and our
commit. The exit status is 1 when one of these promises is broken.

A kill is counted as one between acceptance and commit when the last mail that the server took from the killed worker
belongs to a row that was given back after the kill, as the row's history tells: somebody found it in the hands of a
dead worker. So the figure comes from the kills, not from who got a mail twice.
"""

import argparse
import contextlib
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment  # noqa: E402

from accounts import clock  # noqa: E402
from benchmarks import mail_worker  # noqa: E402
from benchmarks.mail_server import is_unknown  # noqa: E402
from benchmarks.programme import SEATS, queue_reminders  # noqa: E402
from outbox.claims import GIVEN_BACK  # noqa: E402
from outbox.models import Message, MessageEvent, State  # noqa: E402
from outbox.tasks import deliver  # noqa: E402

WORKERS = 4
BACK_OFF = ",".join(["1"] * 20)
PATIENCE = 3600  # seconds, after which whatever has not left is counted as unsent
LOOK = 0.25


@contextlib.contextmanager
def mail_server(log: Path, *options: str) -> Iterator[int]:
    """A mail server in a process of its own; yields its port."""
    command = [sys.executable, "-m", "benchmarks.mail_server", str(log), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline()) if server.stdout else 0
        finally:
            server.kill()


def environment(port: int) -> dict[str, str]:
    """That of a worker on the scratch database, whose mail goes to our server."""
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return os.environ | {
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "MAIL_BACK_OFF": BACK_OFF,
    }


class Taken(NamedTuple):
    """A mail that the server took, from whom, and when by the machine's clock."""

    message_id: str
    worker: str
    seconds: float

    def at(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.seconds, dt.UTC) + clock.offset()


class Soak:
    """The run: keeps the workers going, ends them when their time has come, and counts."""

    def __init__(self, log: Path, port: int, seed: int) -> None:
        self.log, self.environment, self.chance = log, environment(port), random.Random(seed)  # noqa: S311
        self.redis = redis.Redis.from_url(settings.REDIS_URL)
        self.workers: list[subprocess.Popen] = []
        self.kills = self.flushes = 0
        self.killed: dict[str, dt.datetime] = {}

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "benchmarks.mail_worker"]
        self.workers.append(subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL))

    def accepted(self) -> list[Taken]:
        """Every mail that the server took, in order."""
        lines = (line.split() for line in self.log.read_text(encoding="ascii").splitlines())
        return [Taken(message_id, worker, float(seconds)) for message_id, worker, seconds in lines]

    def kill(self) -> None:
        """End a worker that is at work, and start another."""
        busy = {mail.worker for mail in self.accepted()}
        at_work = [worker for worker in self.workers if mail_worker.name(worker.pid) in busy]
        victim = self.chance.choice(at_work or self.workers)
        time.sleep(self.chance.uniform(0, 0.05))  # not in step with our own reading
        self.killed[mail_worker.name(victim.pid)] = clock.now()
        victim.kill()
        victim.wait()
        self.workers.remove(victim)
        self.start_worker()
        self.kills += 1

    def between(self) -> Counter[str]:
        """The Message-IDs of what the server had taken and a killed worker had not marked; asked at the end."""
        last = {mail.worker: mail.message_id for mail in self.accepted()}
        given_back = MessageEvent.objects.filter(why=GIVEN_BACK)
        return Counter(
            last[worker]
            for worker, at in self.killed.items()
            if worker in last and given_back.filter(message__message_id=last[worker], created_at__gt=at).exists()
        )

    def empty_redis(self) -> None:
        self.redis.flushall()
        self.flushes += 1

    def run(self, messages: int, kills: int, flushes: int) -> float:
        """Until nothing is on its way; returns how many seconds it took."""
        begin = time.monotonic()
        for _ in range(WORKERS):
            self.start_worker()
        try:
            while (left := on_their_way()) and time.monotonic() - begin < PATIENCE:
                done = messages - left
                if self.kills < kills and done >= (self.kills + 1) * messages / (kills + 2):
                    self.kill()
                if self.flushes < flushes and done >= (self.flushes + 1) * messages / (flushes + 2):
                    self.empty_redis()
                deliver.try_delay()
                sys.stderr.write(f"\r{done:,} of {messages:,}, {self.kills} kills, {time.monotonic() - begin:,.0f} s ")
                time.sleep(LOOK)
            return time.monotonic() - begin
        finally:
            for worker in self.workers:
                worker.kill()
                worker.wait()


def on_their_way() -> int:
    return Message.objects.filter(state__in=[State.WAITING, State.SENDING]).count()


def report(soak: Soak, messages: int, seconds: float) -> tuple[dict[str, Any], list[str]]:
    """The figures, and the promises that were broken."""
    times = Counter(mail.message_id for mail in soak.accepted())
    twice = {message_id: count - 1 for message_id, count in times.items() if count > 1}
    rows = list(Message.objects.values_list("state", "message_id", "address"))
    sent = {message_id for state, message_id, _ in rows if state == State.SENT}
    failed = [address for state, _, address in rows if state == State.FAILED]
    unknown = sum(is_unknown(address) for _, _, address in rows)
    unsent = sum(state in {State.WAITING, State.SENDING} for state, _, _ in rows)
    lost = messages - len(rows) + len(sent - set(times)) + len(failed) - sum(map(is_unknown, failed))
    between = soak.between()
    figures = {
        "messages": messages,
        "accepted by the server": times.total(),
        "distinct Message-IDs": len(times),
        "duplicates": sum(twice.values()),
        "kills": soak.kills,
        "… between acceptance and commit": between.total(),
        "times Redis was emptied": soak.flushes,
        "addresses that do not exist": unknown,
        "failed rows": len(failed),
        "skipped rows": sum(state == State.SKIPPED for state, _, _ in rows),
        "lost": lost,
        "unsent": unsent,
        "seconds": seconds,
        "messages ÷ second": messages / seconds,
    }
    unexplained = Counter(twice) - between
    promises = {
        "Nothing is lost.": lost == 0,
        "Nothing is unsent.": unsent == 0,
        "Every address that exists got its message.": len(times) == messages - unknown,
        "What the server refused for good is shown as failed, and nothing else.": len(failed) == unknown,
        "Only a kill between acceptance and commit doubles a message.": not unexplained,
    }
    tell(soak, unexplained)
    return figures, [promise for promise, kept in promises.items() if not kept]


def tell(soak: Soak, message_ids: Iterable[str]) -> None:
    """Print how each of these came to be sent, for whoever looks for the reason."""
    for message_id in message_ids:
        taken = [(mail.at(), f"taken from {mail.worker}") for mail in soak.accepted() if mail.message_id == message_id]
        events = MessageEvent.objects.filter(message__message_id=message_id)
        steps = [(event.created_at, f"{event.state} {event.why}") for event in events]
        sys.stderr.write(f"\n{message_id}\n")
        sys.stderr.writelines(f"  {at:%H:%M:%S.%f} {what}\n" for at, what in sorted(taken + steps))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description="Messages that arrive whatever goes wrong.")
    parser.add_argument("--messages", type=int, default=20_000, help="due at once, in tens (usual: 20000)")
    parser.add_argument("--kills", type=int, default=50, help="workers killed (usual: 50)")
    parser.add_argument("--flushes", type=int, default=5, help="times that Redis is emptied (usual: 5)")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        messages = queue_reminders(arguments.messages // SEATS)
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "accepted"
            with mail_server(log, "--rough", str(arguments.seed)) as port:
                soak = Soak(log, port, arguments.seed)
                seconds = soak.run(messages, arguments.kills, arguments.flushes)
                figures, broken = report(soak, messages, seconds)
    finally:
        for database, name, destroy in databases:
            if destroy:
                database.creation.destroy_test_db(name, verbosity=0)
    for name, figure in figures.items():
        sys.stdout.write(f"{name:<32} {figure:>10,.0f}\n")
    sys.stdout.writelines(f"BROKEN: {promise}\n" for promise in broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
