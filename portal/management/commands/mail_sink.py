"""A mail server that delivers to a directory, so that a demonstration can show the mail that was really sent."""

import itertools
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

# Addresses here are refused as a real server refuses a mailbox that does not exist.
UNDELIVERABLE = "undeliverable.example"


class Handler:
    """Writes each message as a file of its own, complete from the moment it can be seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        if address.casefold().endswith(f"@{UNDELIVERABLE}"):
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        name = f"{time.time_ns() // 1_000_000}-{next(self.numbers)}"
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(envelope.original_content)
        os.replace(unfinished, self.folder / f"{name}.eml")
        return "250 Message kept"


class Command(BaseCommand):
    help = "Receive mail on this computer and keep it in a directory. Demonstration and tests only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, required=True, help="The port to listen on, on 127.0.0.1.")
        parser.add_argument("--directory", default="", help="Where to keep the mail; COMC_MAIL_DIR when not given.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = self.folder(options["directory"])
        from aiosmtpd.controller import Controller  # not installed in production

        controller = Controller(Handler(folder), hostname="127.0.0.1", port=options["port"])
        controller.start()
        try:
            wait_for_a_signal()
        finally:
            controller.stop()

    def folder(self, given: str) -> Path:
        if settings.PRODUCTION:
            raise CommandError("The mail sink exists in demonstration and tests only.")
        name = given or settings.MAIL_SINK_DIR
        if not name:
            raise CommandError("Say where to keep the mail: --directory, or the environment variable COMC_MAIL_DIR.")
        folder = Path(name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def wait_for_a_signal() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
