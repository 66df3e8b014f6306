"""`make bench-reminding`: planning and reminding a programme of 2,000 circles and 20,000 people.

The programme is made by bulk inserts in a scratch database on a real PostgreSQL. Each step is measured at a quarter,
a half and the whole of it: queries should grow with the batches alone, and memory not at all.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment  # noqa: E402

from accounts import clock  # noqa: E402
from benchmarks.one import peak_mb  # noqa: E402
from benchmarks.programme import A_COHORT, ASKED, PLANNED, grow, plan  # noqa: E402
from benchmarks.table import table  # noqa: E402
from circles.models import Session  # noqa: E402
from circles.services.reminders import queue_due_reminders  # noqa: E402
from circles.services.sessions import BATCH  # noqa: E402
from cohorts.models import Cohort  # noqa: E402
from cohorts.reminders import OCCASIONS  # noqa: E402
from outbox.models import Message  # noqa: E402

COLUMNS = {
    "step": "step", "circles": "circles", "rows": "rows made", "batches": "batches", "queries": "queries",
    "each": "queries ÷ batch", "seconds": "s", "peak_mb": "peak MiB",
}  # fmt: skip


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many queries are made, without keeping their text: that would be the memory that is measured."""
    count = [0]

    def note(execute: Callable[..., Any], *arguments: Any) -> Any:
        count[0] += "accounts_clockoffset" not in arguments[0]
        return execute(*arguments)

    with connection.execute_wrapper(note):
        yield count


def measure(step: str, circles: int, batches: int, call: Callable[[], int]) -> dict[str, Any]:
    begin = time.perf_counter()
    with counted() as queries:
        rows = call()
    return {
        "step": step, "circles": circles, "rows": rows, "batches": batches, "queries": queries[0],
        "each": queries[0] / batches, "seconds": time.perf_counter() - begin, "peak_mb": peak_mb(),
    }  # fmt: skip


def steps(circles: int) -> Iterator[dict[str, Any]]:
    clock.move_to(PLANNED)
    Message.objects.all().delete()
    Session.objects.all().delete()
    Cohort.objects.update(closed_at=clock.now())
    cohorts = grow(circles)
    pieces = sum(-(-min(A_COHORT, circles) // BATCH) for _ in cohorts)
    yield measure("plan sessions", circles, pieces, lambda: sum(plan(cohort) for cohort in cohorts))
    clock.move_to(ASKED)
    pieces = -(-circles // OCCASIONS)
    yield measure("remind", circles, pieces, queue_due_reminders)
    yield measure("tick without news", circles, pieces, queue_due_reminders)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-reminding", description="Planning and reminding at scale.")
    parser.add_argument("--circles", type=int, default=2000, help="circles of ten people (usual: 2000)")
    whole = parser.parse_args().circles
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        rows = [row for part in (4, 2, 1) for row in steps(whole // part)]
    finally:
        for database, name, destroy in databases:
            if destroy:
                database.creation.destroy_test_db(name, verbosity=0)
    sys.stdout.write(f"{table(rows, COLUMNS)}\n")


if __name__ == "__main__":
    main()
