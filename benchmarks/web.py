"""`make bench`: how long the pages that people open most take, and how many queries, beside a bare view.

The demonstration is loaded and multiplied, and its pages are asked for in this process, middleware and all, on a real
PostgreSQL. Seconds of one machine say little on another; the ratio to a bare view, which passes the same middleware for
somebody signed in (the same person, or a participant where the page needs nobody) in the same minute and answers one
word, says more. No network and no browser is in it.
"""

import argparse
import cProfile
import gc
import io
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases  # noqa: E402
from django.urls import path, reverse  # noqa: E402

from accounts import memory  # noqa: E402
from benchmarks import impact  # noqa: E402
from benchmarks.multiply import multiply  # noqa: E402
from benchmarks.table import ratio, table  # noqa: E402
from circles.models import Attendance, Membership, Session  # noqa: E402
from circles.services import formation  # noqa: E402
from circles.tasks.formation import run_engine  # noqa: E402
from cohorts.models import Cohort, StaffAssignment  # noqa: E402
from comc import urls  # noqa: E402
from organisations.models import Coordinator  # noqa: E402
from surveys.models import Survey  # noqa: E402
from tests.circles.forming import ready  # noqa: E402

LEADS, MEMBERS = 30, 270
ENGINE_SECONDS = 2
TIMES = 10
PORTAL, DASHBOARD = 4.0, 8.0  # what is aimed at, as multiples of the bare view
COLUMNS = {
    "page": "page", "ms": "ms", "bare_ms": "bare ms", "ratio": "÷ bare", "aim": "aim", "queries": "queries",
    "kib": "KiB",
}  # fmt: skip


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in: their session and they themselves are read, as on every page of theirs."""
    return HttpResponse("Hello" if request.user.is_authenticated else "Hi")


urlpatterns = [path("bench-bare/", bare), *urls.urlpatterns]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@dataclass(frozen=True)
class Page:
    name: str
    client: Client
    address: str
    aim: float | None = PORTAL
    before: Callable[[], object] | None = None  # done before each time that it is asked for, and not timed
    floor: Client | None = None  # who asks for the bare view, where the page's own visitor is not signed in


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def load(times: int) -> None:
    call_command("set_up", verbosity=0)
    call_command("load_demonstration", stderr=io.StringIO())
    multiply(times)


def public_pages() -> list[Page]:
    visitor, member = Client(), client_of(Membership.objects.current().order_by("pk").first().enrolment.user)
    named = {
        "public home": reverse("portal:public_home"),
        "questions, one looked for": f"{reverse('portal:questions')}?q=cost",
        "interest form": reverse("portal:interest_registration"),
    }
    anew = Page("public home, drawn anew", visitor, reverse("portal:public_home"), None, memory.forget, member)
    return [*(Page(name, visitor, address, floor=member) for name, address in named.items()), anew]


def portal_pages() -> list[Page]:
    """A mentor and a mentee of a circle that runs, and a coordinator whose people are recruited."""
    running = Cohort.objects.get(format__key="circles", number=14)
    circle = running.circles.order_by("number").first()
    lead, member = (circle.memberships.current().get(seat=seat).enrolment for seat in (Membership.LEAD_SEAT, 1))
    mentor, mentee = client_of(lead.user), client_of(member.user)
    held = circle.sessions.filter(state=Session.State.PLANNED).order_by("number").first()
    survey = Survey.objects.get(cohort=running, wave=Survey.Wave.PRE)
    late = running.enrolments.active().exclude(pk__in=[lead.pk, member.pk]).order_by("pk")
    answering = next(one for one in late if client_of(one.user).get(_page(survey)).status_code == 200)
    coordinator = Coordinator.objects.filter(
        organisation__participations__cohort__number=15, organisation__participations__cohort__format__key="circles"
    ).first()
    [participation] = coordinator.organisation.participations.filter(cohort__number=15)
    return [
        Page("mentee’s home", mentee, reverse("portal:home")),
        Page("mentee’s circle", mentee, reverse("portal:circle", args=[circle.pk])),
        Page("mentee’s session", mentee, reverse("portal:session", args=[held.pk])),
        Page("mentee’s progress", mentee, reverse("portal:progress", args=[member.pk])),
        Page("mentee’s account", mentee, reverse("portal:account")),
        Page("page of a survey", client_of(answering.user), _page(survey)),
        Page("mentor’s home", mentor, reverse("portal:home")),
        Page("mentor’s circle", mentor, reverse("portal:circle", args=[circle.pk])),
        Page("who came, by the mentor", mentor, reverse("portal:session_attendance", args=[held.pk])),
        Page(
            "coordinator’s people", client_of(coordinator.user), reverse("portal:organisation", args=[participation.pk])
        ),
    ]


def _page(survey: Survey) -> str:
    return reverse("portal:survey_page", args=[survey.pk, 1])


def somebody_replies() -> None:
    """A participant answers an invitation to a session: what hangs on replies has to be worked out again."""
    one = Attendance.objects.filter(reply="yes").order_by("pk")[:1]
    Attendance.objects.filter(pk__in=one).update(reply="yes")


def staff_pages() -> list[Page]:
    lead = client_of(StaffAssignment.objects.get(role="lead", cohort=None).user)
    running = Cohort.objects.get(format__key="circles", number=14)
    forming = ready(leads=LEADS, members=MEMBERS, circle_minimum=6, circle_target=9)
    run_engine(formation.start_run(cohort=forming, by=None, seconds=ENGINE_SECONDS).pk)
    return [
        Page("dashboard", lead, reverse("admin:index"), DASHBOARD),
        Page("dashboard, after a reply", lead, reverse("admin:index"), None, somebody_replies),
        Page("dashboard, worked out anew", lead, reverse("admin:index"), None, memory.forget),
        Page("cohort", lead, reverse("admin:cohort_page", args=[running.pk]), None),
        Page("list of enrolments", lead, reverse("admin:participants_enrolment_changelist"), None),
        Page("list of organisations", lead, reverse("admin:organisations_organisation_changelist"), None),
        Page("list of messages", lead, reverse("admin:outbox_message_changelist"), None),
        Page(f"formation board, {MEMBERS} people", lead, reverse("admin:formation_board", args=[forming.pk]), None),
    ]


def milliseconds(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begin)


def measure(page: Page, rounds: int) -> dict[str, Any]:
    """Medians over the rounds, the page and the bare view taking turns, so that both meet the same weather."""
    before = page.before or (lambda: None)
    page.client.get(page.address)
    before()
    with CaptureQueriesContext(connection) as captured:
        response = page.client.get(page.address)
        queries = len(captured)
    if response.status_code != 200:
        raise SystemExit(f"{page.name}: {page.address} answered {response.status_code}.")
    gc.collect()
    turns = []
    for _ in range(rounds):
        before()
        bare_one = milliseconds(lambda: (page.floor or page.client).get("/bench-bare/"))
        turns.append((bare_one, milliseconds(lambda: page.client.get(page.address))))
    floor, taken = (statistics.median(column) for column in zip(*turns, strict=True))
    return {
        "page": page.name, "ms": taken, "bare_ms": floor, "ratio": ratio(taken, floor), "queries": queries,
        "aim": f"≤ {page.aim:.0f}" if page.aim else "", "kib": len(response.content) / 1024,
    }  # fmt: skip


def profile(page: Page, rounds: int) -> None:
    """Where the page's time goes, function by function."""
    page.client.get(page.address)
    profiler = cProfile.Profile()
    for _ in range(rounds):
        (page.before or (lambda: None))()
        profiler.runcall(page.client.get, page.address)
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumulative").print_stats(60)


def run(options: argparse.Namespace) -> None:
    load(options.times)
    # As in production: files are looked for once. A test's client would also copy what every template was given.
    with override_settings(ROOT_URLCONF="benchmarks.web", WHITENOISE_AUTOREFRESH=False):
        pages = [*public_pages(), *portal_pages(), *staff_pages()]
        chosen = [page for page in pages if options.only in page.name]
        if options.profile:
            for page in chosen:
                profile(page, options.rounds)
            return
        rows = [measure(page, options.rounds) for page in chosen]
    people = f"{Membership.objects.count():,} seats in {Cohort.objects.count()} cohorts"
    sys.stdout.write(f"The demonstration × {options.times}: {people}\n{table(rows, COLUMNS)}\n")
    if not options.only:
        sys.stdout.write(f"\nA cohort’s impact\n{table([impact.measure()], impact.COLUMNS)}\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Pages as ratios to a bare one.")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for (usual: 40)")
    parser.add_argument("--times", type=int, default=TIMES, help="how many demonstrations there are (usual: 10)")
    parser.add_argument("--only", default="", help="only pages with this in their name")
    parser.add_argument("--profile", action="store_true", help="say where the time goes instead of how much")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        run(options)
    finally:
        for database, name, destroy in databases:
            if destroy:
                database.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
