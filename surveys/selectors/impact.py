"""What a cohort's surveys may tell the programme team; all of it goes through `surveys.disclosure`."""

from dataclasses import asdict, dataclass

from accounts import clock
from cohorts.models import Cohort
from surveys.disclosure import TEAM, Audience, Suppressed, release_change
from surveys.models import Snapshot, SurveyPart
from surveys.scoring import score_range
from surveys.selectors.answers import pages
from surveys.selectors.flow import Waves, flow, waves
from surveys.statistics import holm

# Fixed words beside every figure of change: what it is, and what it cannot show.
CAVEAT = (
    "Change among people who answered both surveys. There was no comparison group, so other causes, chance and "
    "regression to the mean cannot be ruled out."
)
NESTED = (
    "People met in {circles} circles or pairs, and people who meet may come to answer alike. These intervals take no "
    "account of that: the true uncertainty is somewhat larger."
)
EXCLUDED = [
    "First surveys handed in after the first session.",
    "Answers of people who did not agree to their use, or withdrew their agreement or from the programme.",
    "“Prefer not to say”, and scales with too few answers for a score.",
]
Figures = dict[str, object]


@dataclass(frozen=True)
class CohortImpact:
    """The figures of one cohort. Before the close there is only the flow."""

    released: bool
    figures: Figures


def cohort_impact(cohort: Cohort) -> CohortImpact:
    """What was released at the close, never worked out afresh; before it, how many people took each step."""
    snapshot = cohort.snapshots.filter(kind=Snapshot.Kind.IMPACT).order_by("-created_at").first()
    if snapshot is not None:
        return CohortImpact(released=True, figures=snapshot.figures)
    found = waves(cohort)
    audience = audience_of(found)
    steps = flow(cohort, found, audience)
    return CohortImpact(released=False, figures={"threshold": audience.k, "flow": steps, "outcomes": []})


def audience_of(found: Waves | None) -> Audience:
    """The programme team, under the stricter of the thresholds that the two surveys were launched with."""
    return TEAM.with_threshold(max(found.pre.threshold_team, found.post.threshold_team)) if found else TEAM


def impact_figures(cohort: Cohort) -> Figures:
    """The figures to release at the close, as plain data."""
    found = waves(cohort)
    audience = audience_of(found)
    return {
        "audience": audience.name,
        "threshold": audience.k,
        "cut_off": clock.now().isoformat(timespec="seconds"),
        "caveat": CAVEAT,
        "nested": NESTED.format(circles=cohort.circles.count()),
        "excluded": EXCLUDED,
        "flow": flow(cohort, found, audience),
        "outcomes": _outcomes(found, audience) if found else [],
    }


def _outcomes(found: Waves, audience: Audience) -> list[Figures]:
    outcomes = [_outcome(found, part, audience) for part in pages(found.pre)]
    tested = [outcome["figures"] for outcome in outcomes if outcome["figures"] and outcome["figures"]["p"] is not None]
    for figures, adjusted in zip(tested, holm([figures["p"] for figures in tested]), strict=True):
        figures["p_holm"] = round(adjusted, 4)
    return outcomes


def _outcome(found: Waves, part: SurveyPart, audience: Audience) -> Figures:
    instrument, scale = part.instrument, score_range(part.instrument, len(part.instrument.items.all()))
    pre, post = found.pre_group.scores(part), found.post_group.scores(part)
    both = [key for key in found.paired if key in pre and key in post]
    released = release_change(
        [(pre[key], post[key]) for key in both],
        pre_only=[value for key, value in pre.items() if key not in post],
        items_pre=found.pre_group.rows(part),
        items_post=found.post_group.rows(part),
        scale=scale,
        audience=audience,
    )
    hidden = isinstance(released, Suppressed)
    return {
        "key": instrument.key,
        "version": instrument.version,
        "name": instrument.plain_name,
        "instrument": instrument.name,
        "validated": instrument.validated,
        "citation": instrument.citation,
        "scale": list(scale),
        "figures": None if hidden else asdict(released) | {"p_holm": None},
        "text": released.text if isinstance(released, Suppressed) else "",
    }
