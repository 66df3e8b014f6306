"""Loads the demonstration programme. In production it refuses."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User

WIDTH = 30


class Command(BaseCommand):
    help = "Load a realistic programme of invented people. No mail is sent about its past."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when there is anybody already.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Invented people have no place in production.")
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are people in this database already; the demonstration wants an empty one.")
        from staff.demonstration.loading import load

        load(self.progress)
        self.stderr.write("")

    def progress(self, share: float, words: str) -> None:
        bar = "█" * round(share * WIDTH) + "░" * (WIDTH - round(share * WIDTH))
        self.stderr.write(f"\r  {bar} {share:4.0%}  {words:<24}", ending="")
        self.stderr.flush()
