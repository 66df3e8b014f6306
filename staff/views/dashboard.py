"""The front page of the programme team: where every cohort stands, and what needs attention."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

from accounts import clock
from cohorts.models import Cohort
from cohorts.permissions import works_everywhere
from staff import attention, pages
from staff.attention_forms import DeskForm
from staff.purposes import lately
from staff.today import Standing, Today
from staff.views.putting_off import PERMISSION as PUT_OFF
from ui.components import TimelineItem
from ui.dates import uk_date

CONCERN = "concern_waiting"
COHORTS = 10  # of which a page says what needs attention; those of the other pages are named with how much does


@dataclass(frozen=True)
class Desk:
    """One open cohort on the front page; `url` is where on it, or on which page of it, its things are."""

    standing: Standing
    findings: list[attention.Finding]
    url: str

    @property
    def cohort(self) -> Cohort:
        return self.standing.cohort

    @property
    def phase(self) -> str:
        return self.standing.phase

    @property
    def timeline(self) -> list[TimelineItem]:
        return self.standing.timeline

    @property
    def to_settle(self) -> str:
        """How much needs attention, in words; blank when nothing does."""
        count = sum(len(finding.items) for finding in self.findings)
        return f"{count} to settle" if count else ""

    @property
    def has_concern(self) -> bool:
        """Whether something was told in confidence that nobody has taken up: it is said before all else."""
        return any(finding.rule.key == CONCERN for finding in self.findings)


def dashboard(request: HttpRequest) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    today = Today(request.user)
    request.app_list = today.app_list(request)
    opened = {one.cohort.pk: one for one in today.opened}
    choice = today.choice(DeskForm, request.GET)
    found = today.found(choice)
    chosen = [opened[cohort.pk] for cohort in choice.among([one.cohort for one in today.opened])]
    page = Paginator(chosen, COHORTS).get_page(request.GET.get("page"))
    desks = _desks(request, page, found)
    return pages.render(
        request,
        "staff/dashboard/index.html",
        "Today",
        lead=uk_date(clock.today()),
        choice=choice,
        general=found.now.get(None, []) if page.number == 1 else [],
        later=found.later,
        desks=desks,
        page=page,
        here=desks[max(page.start_index() - 1, 0) : page.end_index()],
        closed=today.closed,
        lately=lately(request.user),
        everything=today.everything(request),
        may_put_off=request.user.has_perm(PUT_OFF),
        today=uk_date(clock.today()),
        may_add_cohort=request.user.has_perm("cohorts.add_cohort") and works_everywhere(request.user),
    )


def _desks(request: HttpRequest, page: Page, found: attention.Found) -> list[Desk]:
    """All that were chosen, each with its place: on this page, or on another one."""
    query = request.GET.copy()
    query.pop("page", None)
    kept = f"?{query.urlencode()}&page=" if query else "?page="
    desks = []
    for place, one in enumerate(page.paginator.object_list):
        number = place // COHORTS + 1
        where = "" if number == page.number else f"{kept}{number}"
        desks.append(Desk(one, found.now.get(one.cohort.pk, []), f"{where}#cohort-{one.cohort.pk}"))
    return desks
