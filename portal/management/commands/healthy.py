"""`manage.py healthy web|worker|beat`: exit status 0 when that process does its work. For health checks."""

import urllib.error
import urllib.request
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser

from outbox.tasks import LAST_TICK


def web() -> str:
    request = urllib.request.Request("http://127.0.0.1:8000/health/", headers={"Host": settings.ALLOWED_HOSTS[0]})
    try:
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - our own address
    except (urllib.error.URLError, OSError) as error:
        return f"The web process does not answer: {error}"
    return ""


def worker() -> str:
    return "" if current_app.control.ping(timeout=5) else "No worker answers."


def beat() -> str:
    """Beat's ticks are seen by what they cause: a delivery run within the last three minutes."""
    return "" if cache.get(LAST_TICK) else "No tick for three minutes."


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("process", choices=["web", "worker", "beat"])

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := {"web": web, "worker": worker, "beat": beat}[options["process"]]():
            raise CommandError(problem)
