"""What a cohort's surveys may tell the programme team; all of it goes through `surveys.disclosure`."""

from dataclasses import dataclass, replace

from cohorts.models import Cohort
from organisations.models import Organisation
from surveys.disclosure import TEAM, Audience, Ledger
from surveys.models import Publication, Snapshot, SurveyPart
from surveys.selectors.answered import answered_by_role
from surveys.selectors.answers import pages
from surveys.selectors.flow import Waves, flow, waves
from surveys.selectors.groups import circles_of, coordinators_keys, organisations_of, team_keys
from surveys.selectors.intruder import may_pass_on, refuse_unchecked
from surveys.selectors.outcomes import Telling, outcomes
from surveys.selectors.plans import planned
from surveys.selectors.provenance import provenance
from surveys.selectors.told import check_in_figures, question_figures

# Fixed words beside every figure of change: what it is, and what it cannot show.
CAVEAT = (
    "Change among people who answered both surveys. There was no comparison group, so other causes, chance and "
    "regression to the mean cannot be ruled out."
)
NESTED = (
    "People met in {circles} circles or pairs, and people who meet may come to answer alike. These intervals take no "
    "account of that, unless one that does stands beside them: the true uncertainty is somewhat larger."
)
POLICY = (
    "Wilcoxon’s signed-rank test drops people who did not change and gives ties their mean rank; p is exact only "
    "without either and below 50 differences, else by the normal approximation with continuity correction."
)
Figures = dict[str, object]


@dataclass(frozen=True)
class CohortImpact:
    """The figures of one cohort. Before the close there is only the flow."""

    released: bool
    figures: Figures


def cohort_impact(cohort: Cohort) -> CohortImpact:
    """What was released at the close, never worked out afresh; before it, how many people took each step."""
    released = released_figures(cohort, Snapshot.Kind.IMPACT)
    if released is not None:
        return CohortImpact(released=True, figures=released)
    found = waves(cohort)
    audience = audience_of(found, TEAM)
    steps = flow(cohort, found, audience, Ledger())
    return CohortImpact(released=False, figures={"threshold": audience.k, "flow": steps, "outcomes": []})


def released_figures(cohort: Cohort, kind: str) -> Figures | None:
    """The newest figures of a closed cohort for one audience."""
    snapshot = newest_snapshot(cohort, kind)
    return snapshot.figures if snapshot else None


def newest_snapshot(cohort: Cohort, kind: str) -> Snapshot | None:
    return cohort.snapshots.filter(kind=kind).order_by("-created_at").first()


def published_figures() -> list[tuple[Cohort, Figures]]:
    """What the team has put on the public page, the latest cohort first; nothing while a person was found in figures.

    As it was released: never worked out afresh, and nothing of one organisation.
    """
    shown = Publication.objects.on_show().select_related("cohort", "snapshot").order_by("-cohort__close_until")
    rows = [(row.cohort, row.snapshot.figures) for row in shown]
    return rows if rows and may_pass_on() else []


def outside_figures(cohort: Cohort) -> Figures | None:
    """What may be passed on of a closed cohort; None before the close.

    Raises NotCheckedError until a motivated-intruder test that found nobody is on record.
    """
    figures = released_figures(cohort, Snapshot.Kind.OUTSIDE)
    if figures is not None:
        refuse_unchecked()
    return figures


def audience_of(found: Waves | None, audience: Audience) -> Audience:
    """An audience under the strictest of the thresholds that the cohort's surveys were launched with."""
    if found is None:
        return audience
    name = "threshold_team" if audience.name == TEAM.name else "threshold_outside"
    return audience.with_threshold(max(getattr(survey, name) for survey in found.asked))


def impact_figures(cohort: Cohort, audience: Audience, ledger: Ledger) -> Figures:
    """The figures to release to one audience, as plain data: the same answers and code give the same bytes.

    `ledger` is what that audience was told before; what it is told now is added.
    """
    found = waves(cohort)
    telling = Telling(audience, ledger, circles_of(cohort), readers=_readers(cohort, audience))
    ordered = _ordered(found, planned(cohort)) if found else []
    figures: Figures = {
        "audience": audience.name,
        "threshold": audience.k,
        **provenance(),
        "plan": planned(cohort),
        "caveat": CAVEAT,
        "policy": POLICY,
        "nested": NESTED.format(circles=cohort.circles.count()),
        "flow": flow(cohort, found, audience, ledger),
        "outcomes": outcomes(found, ordered, telling) if found else [],
        "check_ins": check_in_figures(cohort, found.keys, telling) if found else None,
        "questions": question_figures(cohort, found.keys, telling) if found else [],
    }
    if audience.name == TEAM.name:
        figures["answered"] = answered_by_role(cohort, found, telling)
    else:
        figures["organisations"] = _by_organisation(cohort, found, ordered, telling) if found else {}
    return figures


def _readers(cohort: Cohort, audience: Audience) -> frozenset[str]:
    """The keys of those who answered and read the figures as well: they do not count towards the smallest group."""
    if audience.name == TEAM.name:
        return team_keys(cohort)
    return frozenset().union(*coordinators_keys(cohort).values())


def _ordered(found: Waves, plan: list[str]) -> list[SurveyPart]:
    """The scales that were asked both before and after, in the order of the plan."""
    asked_again = {part.instrument_id for part in pages(found.post)}
    parts = [part for part in pages(found.pre) if part.instrument_id in asked_again]
    return sorted(parts, key=lambda part: plan.index(part.instrument.key) if part.instrument.key in plan else len(plan))


def _by_organisation(cohort: Cohort, found: Waves, parts: list[SurveyPart], telling: Telling) -> Figures:
    """Each organisation's own outcomes, for its coordinators: they do not count towards k, and no rest is left over."""
    readers = coordinators_keys(cohort)
    return {
        organisation: outcomes(found, parts, replace(telling, only=frozenset(keys), readers=frozenset(
            readers.get(organisation, set())
        )))
        for organisation, keys in organisations_of(cohort).items()
    }  # fmt: skip


def newest_figures(cohorts: list[Cohort]) -> dict[object, Figures]:
    """The newest figures for the team of each of these cohorts that is closed, in one query."""
    rows = Snapshot.objects.filter(cohort__in=cohorts, kind=Snapshot.Kind.IMPACT)
    newest = rows.order_by("cohort_id", "-created_at").distinct("cohort_id")
    return dict(newest.values_list("cohort_id", "figures"))


def organisation_outcomes(cohort: Cohort, organisation: Organisation) -> tuple[Figures, list[Figures]] | None:
    """What was released for everybody outside the team, and of it an organisation's own; None before the close.

    Raises NotCheckedError as `outside_figures` does.
    """
    figures = outside_figures(cohort)
    if figures is None:
        return None
    return figures, figures["organisations"].get(str(organisation.pk), [])
