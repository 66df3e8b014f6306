"""Everything between an empty database and the demonstration, in one process: each start of Python costs seconds."""

import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("Bringing the database up to date …", "migrate", {"verbosity": 0}),
    ("Loading formats, page texts and questionnaires …", "set_up", {"verbosity": 0}),
    ("Loading the demonstration programme, if there is none yet …", "load_demonstration", {"if_empty": True}),
]


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for words, command, arguments in STEPS:
            sys.stderr.write(f"» {words}\n")
            call_command(command, **arguments)
