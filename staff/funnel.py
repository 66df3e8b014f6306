"""How many organisations and people a cohort has at each stage, from the first enquiry to the end.

Every figure comes from the rows that its link lists: the totals are sums of the organisations' own figures, and the
stages of people are the very filters of the list of enrolments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from circles.models import Attendance, Membership
from cohorts.models import Cohort
from organisations.models import Fee, Organisation, Participation
from participants.models import EnrolmentState

THERE = Q(state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED])
CAME = Q(Exists(Attendance.objects.filter(enrolment=OuterRef("pk"), attended=True))) | Q(sessions_before__gt=0)
# How far a person got, of those who take part or did to the end. Who withdrew is in none of them, whatever they came
# to, and is said beside them. Whoever came was placed, and whoever was placed is enrolled; who completed need not have
# come, since closing a cohort completes everybody in it.
REACHED: dict[str, Any] = {
    "enrolled": THERE,
    "placed": THERE & (Q(Exists(Membership.objects.current().filter(enrolment=OuterRef("pk")))) | CAME),
    "attending": THERE & CAME,
    "completed": Q(state=EnrolmentState.COMPLETED),
}
REACHED_WORDS = {
    "enrolled": "Enrolled",
    "placed": "Placed in a circle",
    "attending": "Came to a session",
    "completed": "Completed",
}
STAGES = ["interested", "confirmed", "nominated", *REACHED]
HINTS = {
    "interested": "organisations", "confirmed": "organisations", "nominated": "people", "enrolled": "people",
    "placed": "people in a circle", "attending": "people who came", "completed": "people",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One figure, in what it counts, with the list behind it; `url` is blank for somebody who may not see that."""

    label: str
    count: int
    hint: str
    url: str


@dataclass(frozen=True)
class Line:
    """One organisation with its figure at every stage; of the first two it is either there (1) or not (0).

    `fee` is the mark of its part in the cohort, with the page of that; both are blank where it has none.
    """

    organisation: str
    url: str
    stages: list[Stage]
    fee: str = ""
    fee_url: str = ""


Figures = dict[str, dict[Any, int]]  # by stage and organisation


def stages(cohort: Cohort, viewer: User) -> list[Stage]:
    """The stages in their order, for the whole cohort."""
    return _totals(cohort, _Links(cohort, viewer), _figures(cohort))


def left(cohort: Cohort, viewer: User) -> Stage:
    """Who withdrew, and so is in no stage after the nomination."""
    gone = cohort.enrolments.filter(state=EnrolmentState.WITHDRAWN).count()
    return Stage("withdrew", gone, "people", _Links(cohort, viewer).withdrawn())


def by_organisation(cohort: Cohort, viewer: User) -> tuple[list[Line], list[Stage]]:
    """A line for each organisation that got as far as an enquiry, in order of their names, and the line of totals."""
    found, links = _figures(cohort), _Links(cohort, viewer)
    seen = {organisation for figures in found.values() for organisation in figures}
    part = {one.organisation_id: one for one in cohort.participations.all()}
    names = Organisation.objects.filter(pk__in=seen).values_list("pk", "name")
    lines = [
        Line(name, links.organisation(pk), list(_line(links, found, pk, part.get(pk))), *links.fee(part.get(pk)))
        for pk, name in names
    ]
    return lines, _totals(cohort, links, found)


def fees_settled(lines: list[Line]) -> str:
    """“2 of 3 settled”: paid, or none to pay; blank when no organisation is confirmed."""
    marks = [line.fee for line in lines if line.fee]
    settled = sum(mark in {Fee.PAID.label, Fee.WAIVED.label} for mark in marks)
    return f"{settled} of {len(marks)} settled" if marks else ""


def _totals(cohort: Cohort, links: "_Links", found: Figures) -> list[Stage]:
    return [Stage(key, sum(found[key].values()), HINTS[key], links.all_of(key)) for key in STAGES]


def _line(links: "_Links", found: Figures, organisation: Any, part: Participation | None) -> Iterator[Stage]:
    for key in STAGES:
        count = found[key].get(organisation, 0)
        yield Stage(key, count, HINTS[key], links.one(key, organisation, part and part.pk) if count else "")


def _figures(cohort: Cohort) -> Figures:
    """Four queries, however many organisations and people there are."""
    interested = cohort.interests.order_by().values_list("organisation").distinct()
    confirmed = cohort.participations.filter(withdrawn_at=None).order_by().values_list("organisation")
    nominated = cohort.nominations.order_by().values_list("participation__organisation").annotate(Count("pk"))
    counts = {key: Count("pk", filter=Q(reached)) for key, reached in REACHED.items()}
    people = list(cohort.enrolments.order_by().values("organisation").annotate(**counts))
    return {
        "interested": {organisation: 1 for (organisation,) in interested},
        "confirmed": {organisation: 1 for (organisation,) in confirmed},
        "nominated": dict(nominated),
        **{key: {row["organisation"]: row[key] for row in people if row[key]} for key in REACHED},
    }


class _Links:
    """The admin's lists of the rows behind a figure, as far as the viewer may see them."""

    def __init__(self, cohort: Cohort, viewer: User) -> None:
        self.cohort, self.viewer = cohort, viewer

    def organisation(self, pk: Any) -> str:
        if not self.viewer.has_perm("organisations.view_organisation", self.cohort):
            return ""
        return reverse("admin:organisations_organisation_change", args=[pk])

    def fee(self, part: Participation | None) -> tuple[str, str]:
        """The mark and the page of the part that it is of."""
        if part is None:
            return "", ""
        seen = self.viewer.has_perm("organisations.view_participation", self.cohort)
        return part.get_fee_display(), part.get_absolute_url() if seen else ""

    def all_of(self, stage: str) -> str:
        here = {"cohort__id__exact": self.cohort.pk}
        if stage == "interested":
            return self._list("organisations.organisation", {"interested_in": self.cohort.pk})
        if stage == "confirmed":
            return self._list("organisations.participation", here | {"withdrawn_at__isempty": "1"})
        if stage == "nominated":
            return self._list("participants.nomination", here)
        return self._list("participants.enrolment", here | {"stage": stage})

    def withdrawn(self) -> str:
        where = {"cohort__id__exact": self.cohort.pk, "state__exact": EnrolmentState.WITHDRAWN}
        return self._list("participants.enrolment", where)

    def one(self, stage: str, organisation: Any, participation: Any) -> str:
        here = {"cohort__id__exact": self.cohort.pk}
        if stage == "interested":
            return self._list("organisations.interest", here | {"organisation__id__exact": organisation})
        if stage == "confirmed":
            return self._list("organisations.participation", here | {"organisation__id__exact": organisation})
        if stage == "nominated":
            return self._list("participants.nomination", {"participation__id__exact": participation})
        return self._list("participants.enrolment", here | {"organisation__id__exact": organisation, "stage": stage})

    def _list(self, model: str, where: dict[str, Any]) -> str:
        app, _, name = model.partition(".")
        if not self.viewer.has_perm(f"{app}.view_{name}", self.cohort):
            return ""
        return f"{reverse(f'admin:{app}_{name}_changelist')}?{urlencode(where)}"
