"""Whom a restored backup must lose again: the list, kept outside the database, and doing it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from privacy import erasure
from privacy.erasure_requests import erase_person
from privacy.models import Erasure


class Command(BaseCommand):
    help = "Print the keys of everybody who was erased, one a line; with --replay FILE erase those of FILE again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replay", type=Path, metavar="FILE", help="what an earlier run printed")

    def handle(self, *, replay: Path | None, **options: Any) -> None:
        if replay is None:
            done = Erasure.objects.filter(outcome=Erasure.Outcome.ERASED).order_by("answered_at")
            for key in done.values_list("user", flat=True):
                self.stdout.write(str(key))
            return
        again = [one for one in User.objects.filter(pk__in=_keys(replay)) if not erasure.is_erased(one)]
        for person in again:
            erase_person(user=person, by=None)
        self.stdout.write(f"Erased again: {len(again)}")


def _keys(path: Path) -> list[UUID]:
    try:
        return [UUID(line.strip()) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as fault:
        raise CommandError(f"{path} is not a list of keys: {fault}") from fault
