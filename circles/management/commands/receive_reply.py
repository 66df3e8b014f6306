"""Take one mail from standard input: for a mail server that hands mail to a program."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circles.services.calendar_replies import receive


class Command(BaseCommand):
    help = "Takes an answer that a calendar sent, as a whole mail on standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="The address that it came to, where the server knows it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        taken = receive(sys.stdin.buffer.read(), came_to=options["to"])
        self.stdout.write("Taken." if taken else "Left alone.")
