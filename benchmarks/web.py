"""`make bench`: how long the pages that people open most take, each as a ratio to an empty view measured beside it.

The pages are rendered through Django's test client, middleware and all, on a real PostgreSQL with a cohort of 270
people in it. Seconds of one machine say little on another; the ratio to the empty view, which passes the same
middleware for the same person in the same minute, says more. No network and no browser is in it.
"""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
django.setup()

from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, setup_test_environment  # noqa: E402
from django.urls import path, reverse  # noqa: E402

from benchmarks import impact  # noqa: E402
from benchmarks.table import ratio, table  # noqa: E402
from circles.services import formation  # noqa: E402
from circles.tasks.formation import run_engine  # noqa: E402
from comc import urls  # noqa: E402
from tests import world  # noqa: E402
from tests.circles.forming import ready  # noqa: E402

LEADS, MEMBERS = 30, 270
ENGINE_SECONDS = 2
COLUMNS = {"page": "page", "ms": "ms", "empty_ms": "empty ms", "ratio": "÷ empty", "queries": "queries", "kib": "KiB"}


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("bench-empty/", empty), *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@dataclass(frozen=True)
class Page:
    name: str
    client: Client
    address: str


def pages() -> list[Page]:
    """The pages, in a programme with somebody in every role, and a large cohort whose proposal is looked through."""
    w = world.build()
    cohort = ready(leads=LEADS, members=MEMBERS, circle_minimum=6, circle_target=9)
    run_engine(formation.start_run(cohort=cohort, by=None, seconds=ENGINE_SECONDS).pk)
    visitor, staff, mentee = Client(), Client(), Client()
    staff.force_login(w.people["lead"])
    mentee.force_login(w.people["mentee"])
    return [
        Page("public home", visitor, "/"),
        Page("staff dashboard", staff, reverse("admin:index")),
        Page(f"formation board, {MEMBERS} people", staff, reverse("admin:formation_board", args=[cohort.pk])),
        Page("mentee’s home", mentee, reverse("portal:home")),
        Page("mentee’s circle", mentee, reverse("portal:circle", args=[w.circle.pk])),
    ]


def milliseconds(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begin)


def measure(page: Page, rounds: int) -> dict[str, Any]:
    """Medians over the rounds, the page and the empty view taking turns, so that both meet the same weather."""
    page.client.get(page.address)
    with CaptureQueriesContext(connection) as captured:
        response = page.client.get(page.address)
        queries = len(captured)
    if response.status_code != 200:
        raise SystemExit(f"{page.name}: {page.address} answered {response.status_code}.")
    gc.collect()
    turns = [
        (milliseconds(lambda: page.client.get("/bench-empty/")), milliseconds(lambda: page.client.get(page.address)))
        for _ in range(rounds)
    ]
    floor, taken = (statistics.median(column) for column in zip(*turns, strict=True))
    return {
        "page": page.name, "ms": taken, "empty_ms": floor, "ratio": ratio(taken, floor), "queries": queries,
        "kib": len(response.content) / 1024,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Pages as ratios to an empty one.")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for (usual: 40)")
    rounds = parser.parse_args().rounds
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="benchmarks.web"):
            rows = [measure(page, rounds) for page in pages()]
        of_impact = impact.measure()
    finally:
        for database, name, destroy in databases:
            if destroy:
                database.creation.destroy_test_db(name, verbosity=0)
    sys.stdout.write(f"{table(rows, COLUMNS)}\n\nA cohort’s impact\n{table([of_impact], impact.COLUMNS)}\n")


if __name__ == "__main__":
    main()
