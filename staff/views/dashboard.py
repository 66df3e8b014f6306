"""The front page of the programme team: where every cohort stands, and what needs attention."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts import clock
from cohorts.covers import Covers
from cohorts.models import Cohort
from cohorts.permissions import works_everywhere
from organisations.selectors import answering_staff
from staff import attention, pages, timeline
from staff.attention_forms import DeskForm
from staff.views.putting_off import PERMISSION as PUT_OFF
from ui.components import TimelineItem
from ui.dates import uk_date


@dataclass(frozen=True)
class Desk:
    """One open cohort on the front page."""

    cohort: Cohort
    timeline: list[TimelineItem]
    findings: list[attention.Finding]

    @property
    def phase(self) -> str:
        """Its phase; a cohort whose days are over is not closed before somebody closes it."""
        return "Over, to be closed" if self.cohort.phase == "closed" else self.cohort.phase_label

    @property
    def to_settle(self) -> str:
        """How much needs attention, in words; blank when nothing does."""
        count = sum(len(finding.items) for finding in self.findings)
        return f"{count} to settle" if count else ""


def dashboard(request: HttpRequest) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    mine = Cohort.objects.for_staff(request.user).select_related("format").order_by("launch_from", "name")
    opened = [cohort for cohort in mine if cohort.closed_at is None]
    covers = Covers.now()
    choice = DeskForm(request.GET, cohorts=opened, people=answering_staff(), viewer=request.user, covers=covers)
    found = attention.look(attention.RULES, request.user, opened, choice.wants, covers)
    return pages.render(
        request,
        "staff/dashboard/index.html",
        "Today",
        lead=uk_date(clock.today()),
        app_list=admin.site.get_app_list(request),
        choice=choice,
        general=found.now.get(None, []),
        later=found.later,
        desks=[Desk(cohort, timeline.ahead(cohort), found.now.get(cohort.pk, [])) for cohort in choice.among(opened)],
        closed=[cohort for cohort in mine if cohort.closed_at],
        may_put_off=request.user.has_perm(PUT_OFF),
        today=uk_date(clock.today()),
        may_add_cohort=request.user.has_perm("cohorts.add_cohort") and works_everywhere(request.user),
    )
