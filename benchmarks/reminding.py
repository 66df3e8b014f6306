"""`make bench-reminding`: planning and reminding a programme of 2,000 circles and 20,000 people.

The programme is made by bulk inserts in a scratch database on a real PostgreSQL. Each step is measured at a quarter,
a half and the whole of it: queries should grow with the batches alone, and memory not at all.
"""

import argparse
import datetime as dt
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
from accounts.models import User  # noqa: E402
from benchmarks.one import peak_mb  # noqa: E402
from benchmarks.table import table  # noqa: E402
from circles.models import Circle, Membership, Session  # noqa: E402
from circles.services.reminders import queue_due_reminders  # noqa: E402
from circles.services.sessions import BATCH, plan_all  # noqa: E402
from cohorts.models import Cohort  # noqa: E402
from cohorts.reminders import OCCASIONS  # noqa: E402
from cohorts.services import default_reminder_rules  # noqa: E402
from outbox.models import Message  # noqa: E402
from participants.models import Enrolment  # noqa: E402
from tests.factories import CohortFactory, OrganisationFactory, SlotFactory  # noqa: E402

A_COHORT = 250  # circles
SEATS = 10
LAUNCH = dt.date(2026, 10, 1)
# The first sessions are on Tuesday 13 October 2026, 12:30; everybody is asked a week before.
ASKED = dt.datetime(2026, 10, 6, 12, 31, tzinfo=clock.LONDON)
COLUMNS = {
    "step": "step", "circles": "circles", "rows": "rows made", "batches": "batches", "queries": "queries",
    "each": "queries ÷ batch", "seconds": "s", "peak_mb": "peak MiB",
}  # fmt: skip


def grow(circles: int) -> list[Cohort]:
    """Cohorts with so many circles together, all of whose people are asked on the same morning: the worst of days."""
    return [_cohort(min(A_COHORT, circles - made)) for made in range(0, circles, A_COHORT)]


def _cohort(circles: int) -> Cohort:
    cohort = CohortFactory(launch=LAUNCH, published_at=clock.now())
    default_reminder_rules(cohort)
    slot = SlotFactory(cohort=cohort)
    employers = {"mentor": OrganisationFactory(), "mentee": OrganisationFactory()}
    made = Circle.objects.bulk_create(
        Circle(cohort=cohort, number=n + 1, slot=slot, week_of_month=2) for n in range(circles)
    )
    names = [f"p{n}.{cohort.number}" for n in range(circles * SEATS)]
    people = User.objects.bulk_create(
        User(email=f"{name}@employer.example", first_name="Ada", last_name=name) for name in names
    )
    answered: dict[str, Any] = {"state": "enrolled", "level": 3, "function": "finance", "agreed_at": clock.now()}
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, user=person, organisation=employers[role["role"]], **role, **answered)
        for person, role in ((person, _role(n % SEATS)) for n, person in enumerate(people))
    )
    Membership.objects.bulk_create(
        Membership(circle=made[n // SEATS], enrolment=enrolment, seat=n % SEATS)
        for n, enrolment in enumerate(enrolments)
    )
    return cohort


def _role(seat: int) -> dict[str, Any]:
    return {"role": "mentor", "side": "lead"} if seat == 0 else {"role": "mentee", "side": "member"}


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
    clock.move_to(dt.datetime(2026, 9, 1, 12, tzinfo=clock.LONDON))
    Message.objects.all().delete()
    Session.objects.all().delete()
    Cohort.objects.update(closed_at=clock.now())
    cohorts = grow(circles)
    pieces = sum(-(-min(A_COHORT, circles) // BATCH) for _ in cohorts)
    yield measure("plan sessions", circles, pieces, lambda: sum(_plan(cohort) for cohort in cohorts))
    clock.move_to(ASKED)
    pieces = -(-circles // OCCASIONS)
    yield measure("remind", circles, pieces, queue_due_reminders)
    yield measure("tick without news", circles, pieces, queue_due_reminders)


def _plan(cohort: Cohort) -> int:
    return plan_all(cohort=cohort, circles=list(cohort.circles.all()), by=None)


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
