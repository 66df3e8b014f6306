"""Cohorts that are too small to stand alone, combined into one group that is not (D-12).

Only those of which nothing was released on a scale, so that the combined figure and a cohort's own never lie side by
side; what is left is combined, and nobody is pointed at as “other”. For the programme team.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from cohorts.models import Cohort
from surveys.disclosure import TEAM, Asked, Audience, Ledger, Suppressed, release, release_change
from surveys.models import Snapshot, SurveyPart
from surveys.scoring import score_range
from surveys.selectors.flow import Waves, waves
from surveys.selectors.groups import team_keys
from surveys.selectors.ledger import closed_long_ago, ledger_over
from surveys.selectors.outcomes import Figures, change_measure
from surveys.selectors.provenance import provenance
from surveys.statistics import PostScores, PreScores

Scale = tuple[Any, ...]


@dataclass
class Combined:
    """One scale: the cohorts of which it was not released, and the scores of their people before and after."""

    part: SurveyPart
    scale: tuple[float, float]
    cohorts: list[Cohort] = field(default_factory=list)
    pre: PreScores = field(default_factory=PreScores)
    post: PostScores = field(default_factory=PostScores)


@dataclass(frozen=True)
class Together:
    """Figures over small cohorts, and the groups that they tell about, by cohort."""

    figures: Figures
    cohorts: list[Cohort]
    ledger: Ledger


def together() -> Together | None:
    """What may be told of the small cohorts together, with what was told before where it may not be told anew."""
    found = [one for one in _combined() if len(one.cohorts) > 1]
    cohorts = sorted({cohort.pk: cohort for one in found for cohort in one.cohorts}.values(), key=_when)
    if not cohorts:
        return None
    ledger, k = ledger_over(cohorts, TEAM), max(_threshold(cohort) for cohort in cohorts)
    before = {_name(row): row for row in newest_together().get("outcomes", [])}
    rows = [_row(one, TEAM.with_threshold(k), ledger) for one in found]
    outcomes = [row if row["figures"] else before.get(_name(row), row) for row in rows]
    figures = {"outcomes": outcomes, "threshold": k, **provenance()}
    return Together(figures, cohorts, ledger)


def newest_together() -> Figures:
    """What was released last, or nothing."""
    row = Snapshot.objects.filter(kind=Snapshot.Kind.TOGETHER).order_by("-created_at").first()
    return row.figures if row else {}


def _combined() -> list[Combined]:
    found: dict[Scale, Combined] = {}
    closed = Cohort.objects.filter(closed_at__isnull=False).exclude(pk__in=closed_long_ago())
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.IMPACT, cohort__in=closed).select_related("cohort")
    for snapshot in rows.order_by("cohort_id", "-created_at").distinct("cohort_id"):
        hidden = {_name(row) for row in snapshot.figures["outcomes"] if row["figures"] is None}
        answered = waves(snapshot.cohort) if hidden else None
        if answered is not None:
            _add(found, snapshot.cohort, answered, hidden)
    return list(found.values())


def _add(found: dict[Scale, Combined], cohort: Cohort, answered: Waves, hidden: set[Scale]) -> None:
    for part in answered.pre.parts.select_related("instrument").prefetch_related("instrument__items"):
        instrument = part.instrument
        scale = score_range(instrument, len(instrument.items.all()))
        name = (instrument.key, instrument.version, *scale)
        if name not in hidden:
            continue
        pre, post = answered.pre_group.scores(part), answered.post_group.scores(part)
        if both := pre.among(post):
            one = found.setdefault(name, Combined(part, scale))
            one.cohorts.append(cohort)
            one.pre.update(both)
            one.post.update(post.among(both))


def _row(one: Combined, audience: Audience, ledger: Ledger) -> Figures:
    instrument, readers = one.part.instrument, frozenset().union(*(team_keys(cohort) for cohort in one.cohorts))
    released = release(
        Asked(change_measure(one.part), frozenset(one.pre), readers=readers),
        lambda: release_change(one.pre, one.post, scale=one.scale, audience=audience, descriptive=True),
        audience=audience,
        ledger=ledger,
    )
    hidden = isinstance(released, Suppressed)
    return {
        "key": instrument.key,
        "version": instrument.version,
        "name": instrument.plain_name,
        "scale": list(one.scale),
        "cohorts": [str(cohort.pk) for cohort in sorted(one.cohorts, key=_when)],
        "names": [str(cohort) for cohort in sorted(one.cohorts, key=_when)],
        "figures": None if hidden else asdict(released),
        "text": released.text if isinstance(released, Suppressed) else "",
    }


def _name(row: Any) -> Scale:
    return (row["key"], row["version"], *row["scale"])


def _when(cohort: Cohort) -> Any:
    return cohort.closed_at


def _threshold(cohort: Cohort) -> int:
    return max(cohort.surveys.values_list("threshold_team", flat=True), default=TEAM.k)
