"""A mail server on loopback, in a process of its own, that writes down what it takes. `rough` makes it unkind.

`python -m benchmarks.mail_server LOG [--rough SEED] [--one-by-one]` prints its port and serves until it is told to
end. Each line of LOG is one mail that was accepted, `Message-ID client seconds`, written before the client hears so:
what it says was taken at that time was taken, whatever became of the client. Nothing is taken from a client that has
hung up already.
"""

import argparse
import asyncio
import random
import re
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session

ONE_IN = 100  # addresses that do not exist
LATER, HANG_UP, SLOW = 0.04, 0.02, 0.05  # shares of mails
SLOWNESS = (0.02, 0.08)  # seconds
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def is_unknown(address: str) -> bool:
    """Whether the rough server says that there is no such address; always the same for an address."""
    return zlib.crc32(address.lower().encode()) % ONE_IN == 0


class Gentle:
    """Takes every mail at once. It offers PIPELINING (RFC 2920), as servers in use do, unless told not to."""

    def __init__(self, log: TextIO, one_by_one: bool) -> None:
        self.log, self.one_by_one = log, one_by_one

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return offers if self.one_by_one else [offers[0], "250-PIPELINING", *offers[1:]]

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if server.transport is None or server.transport.is_closing():
            return "421 Gone"
        found = MESSAGE_ID.search(envelope.content or b"")
        self.log.write(f"{found[1].decode() if found else '-'} {session.host_name} {time.time()!r}\n")
        self.log.flush()
        return "250 OK"


class Rough(Gentle):
    """Refuses for good who is unknown, and at random puts off, hangs up in the middle of a mail, or is slow."""

    def __init__(self, log: TextIO, one_by_one: bool, seed: int) -> None:
        super().__init__(log, one_by_one)
        self.chance = random.Random(seed)  # noqa: S311

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if is_unknown(address):
            return "550 No such user"
        if self.chance.random() < LATER:
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fate = self.chance.random()
        if fate < HANG_UP:
            server.transport.abort()  # type: ignore[union-attr]
            return "421 Gone"
        if fate < HANG_UP + SLOW:
            await asyncio.sleep(self.chance.uniform(*SLOWNESS))
        return await super().handle_DATA(server, session, envelope)


async def serve(make: Callable[[], Any]) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(make(), hostname="localhost", loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail_server", description="A mail server on loopback.")
    parser.add_argument("log", type=Path)
    parser.add_argument("--rough", type=int, metavar="SEED")
    parser.add_argument("--one-by-one", action="store_true", help="offer no PIPELINING")
    arguments = parser.parse_args()
    with arguments.log.open("a", encoding="ascii") as log:
        how = log, arguments.one_by_one
        handler = Gentle(*how) if arguments.rough is None else Rough(*how, arguments.rough)
        asyncio.run(serve(lambda: handler))


if __name__ == "__main__":
    main()
