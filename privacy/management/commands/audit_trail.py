"""Whether the audit trail is as it was written, and the mark by which somebody outside can tell."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import chain


class Command(BaseCommand):
    help = "Print the newest seal, to be kept elsewhere; with --check or --against FILE say whether the chain holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit with status 1 where a line was changed")
        parser.add_argument("--against", type=Path, metavar="FILE", help="seals that earlier runs printed")

    def handle(self, *, check: bool, against: Path | None, **options: Any) -> None:
        if not check and against is None:
            chain.seal_trail()
            newest = chain.newest()
            if newest is not None:
                self.stdout.write(str(newest))
            return
        if found := chain.faults(_noted(against) if against else None):
            raise CommandError("\n".join(found))
        self.stdout.write("The audit trail is as it was written.")


def _noted(path: Path) -> dict[int, str]:
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
        return {int(number): digest for number, digest in lines}
    except (OSError, ValueError) as fault:
        raise CommandError(f"{path} is not a list of seals: {fault}") from fault
