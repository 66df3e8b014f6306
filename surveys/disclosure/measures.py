"""Takes the answers of a group and gives what may be shown of them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from surveys.disclosure.audience import Audience
from surveys.disclosure.figures import (
    AttritionFigures,
    ChangeFigures,
    ClusterFigure,
    CountFigure,
    LookingBackFigures,
    Precision,
    ReliabilityFigure,
    Suppressed,
)
from surveys.disclosure.rounding import half_up, nearest, rounded
from surveys.statistics import (
    PairedChange,
    PostScores,
    PreScores,
    SignedRank,
    ThenScores,
    clustering,
    completers_against_others,
    had_nobody_else_changed,
    headline_pairs,
    paired_change,
    reliability,
    shift_pairs,
    signed_rank,
    since_then_pairs,
)
from surveys.statistics.waves import Pairs

TESTS_FROM = 10  # pairs: below it no p-value and no effect size
CLUSTERS_FROM, CLUSTERS_FROM_PAIRS = 10, 50  # circles and pairs: below them circle effects cannot be told
PRECISION_FROM = 30  # people: below it their own spread and α say too little about one of them
Row = Sequence[float | None]


def release_count(n: int, of: int | None, audience: Audience) -> CountFigure | Suppressed:
    """A number of people and its share of `of`. Zero may be shown; 1 to k − 1 not, nor a share of so few."""
    if 0 < n < audience.k:
        return Suppressed()
    if of is None or of < max(audience.k, audience.percent_from):
        return CountFigure(nearest(n, audience.step), None)
    shown, whole = nearest(n, audience.step), nearest(of, audience.step)
    # Of what is shown, so that the share tells no more than the two numbers do.
    return CountFigure(shown, int(half_up(100 * shown / whole, 0)))


def release_change(
    pre: PreScores,
    post: PostScores,
    *,
    scale: tuple[float, float],
    circles: Mapping[str, Hashable] | None = None,
    audience: Audience,
    descriptive: bool = False,
) -> ChangeFigures | Suppressed:
    """The headline: the change of those who have both scores. `circles` says by key where people met.

    Suppressed below the audience's k, where all gave one answer or changed alike, and where a mean lies at the end of
    the scale, all of it as it would be printed: each of them would say what every single person answered.
    Raises TypeError where anything else than first and last answers is given, as the start seen from the end.
    """
    pairs = headline_pairs(pre, post)
    alone = [score for key, score in pre.items() if key not in post]
    figures = _released(pairs, alone, scale, audience, tested=not descriptive)
    if isinstance(figures, Suppressed) or circles is None:
        return figures
    met = [circles.get(key, key) for key in pairs]
    cluster = _cluster([after - before for before, after in pairs.values()], met, audience.decimals)
    return replace(figures, cluster=cluster)


def release_looking_back(
    pre: PreScores, then: ThenScores, post: PostScores, *, scale: tuple[float, float], audience: Audience
) -> LookingBackFigures | Suppressed:
    """Of those who have all three scores, their end against the start as they see it from there, and the way between
    that start and the first answers. Both or nothing, and never with a test: a description beside the headline.
    """
    people = [key for key in pre if key in then and key in post]
    since, shift = (
        _released(pairs, [], scale, audience, tested=False)
        for pairs in (since_then_pairs(then.among(people), post), shift_pairs(pre.among(people), then))
    )
    if isinstance(since, Suppressed) or isinstance(shift, Suppressed):
        return Suppressed()
    return LookingBackFigures(since, shift)


def _released(
    pairs: Pairs, alone: Sequence[float], scale: tuple[float, float], audience: Audience, *, tested: bool
) -> ChangeFigures | Suppressed:
    found = list(pairs.values())
    if len(found) < audience.k or _pairs_tell(found, scale, audience.decimals):
        return Suppressed()
    first, second = [one for one, _ in found], [other for _, other in found]
    return _figures(paired_change(first, second), signed_rank(first, second), alone, audience, tested=tested)


def _cluster(changes: Sequence[float], circles: Sequence[Hashable], places: int) -> ClusterFigure | None:
    if len(changes) < CLUSTERS_FROM_PAIRS or len(set(circles)) < CLUSTERS_FROM:
        return None
    found = clustering(changes, circles)
    low, high = half_up(found.ci_low, places), half_up(found.ci_high, places)
    return ClusterFigure(found.clusters, rounded(found.icc, 2), low, high)


def release_attrition(
    completers: Sequence[float], others: Sequence[float], *, scale: tuple[float, float], audience: Audience
) -> AttritionFigures | Suppressed:
    """First scores of those who answered again beside those who did not; k people on either side."""
    places = audience.decimals
    few = min(len(completers), len(others)) < audience.k
    if few or any(tells_everyone(one, scale, places) for one in (completers, others)):
        return Suppressed()
    found = completers_against_others(completers, others)
    enough = min(len(completers), len(others)) >= TESTS_FROM
    return AttritionFigures(
        nearest(found.n_completers, audience.step),
        half_up(found.mean_completers, places),
        half_up(found.sd_completers, places),
        nearest(found.n_others, audience.step),
        half_up(found.mean_others, places),
        half_up(found.sd_others, places),
        rounded(found.standardised, 2) if enough else None,
    )


def tells_everyone(scores: Sequence[float], scale: tuple[float, float], places: int) -> bool:
    """Whether mean and spread, as they would be printed, say what every single person answered."""
    values = np.array(scores, dtype=float)
    mean = half_up(float(values.mean()), places)
    return _all_alike(values, places) or any(mean == half_up(end, places) for end in scale)


def _all_alike(values: np.ndarray, places: int) -> bool:
    return half_up(float(values.std(ddof=1)), places) == 0


def _pairs_tell(pairs: Sequence[tuple[float, float]], scale: tuple[float, float], places: int) -> bool:
    pre, post = np.array(pairs, dtype=float).T
    return _all_alike(post - pre, places) or any(tells_everyone(one.tolist(), scale, places) for one in (pre, post))


def _figures(
    change: PairedChange,
    ranks: SignedRank,
    pre_only: Sequence[float],
    to: Audience,
    *,
    tested: bool,
) -> ChangeFigures:
    enough = tested and change.n_pairs >= TESTS_FROM
    missing = len(pre_only)
    # So few without a second score could be told apart from the rest: then they are not mentioned.
    whole = change.n_pairs + missing if missing == 0 or missing >= to.k else None
    places, j = to.decimals, change.hedges_j
    return ChangeFigures(
        n_pairs=nearest(change.n_pairs, to.step), n_pre=nearest(whole or change.n_pairs, to.step),
        mean_pre=half_up(change.mean_pre, places), sd_pre=half_up(change.sd_pre, places),
        mean_post=half_up(change.mean_post, places), sd_post=half_up(change.sd_post, places),
        mean_diff=half_up(change.mean_diff, places),
        ci_low=half_up(change.ci_low, places), ci_high=half_up(change.ci_high, places),
        no_change_diff=_unless_changed(change, whole, places),
        p=rounded(change.p, 4) if enough else None,
        g_z=rounded(change.g_z, 2) if enough else None,
        g_z_low=rounded(_times(change.d_z_low, j), 2) if enough else None,
        g_z_high=rounded(_times(change.d_z_high, j), 2) if enough else None,
        d_av=rounded(change.d_av, 2) if enough else None,
        wilcoxon_p=rounded(ranks.wilcoxon_p, 4) if enough else None,
        wilcoxon_method=ranks.wilcoxon_method if enough else None,
        rank_biserial=rounded(ranks.rank_biserial, 2) if enough else None,
        cluster=None,
    )  # fmt: skip


def _unless_changed(change: PairedChange, whole: int | None, places: int) -> float | None:
    return half_up(had_nobody_else_changed(change.mean_diff, change.n_pairs, whole), places) if whole else None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _complete(rows: Sequence[Row]) -> np.ndarray:
    return np.array([row for row in rows if all(value is not None for value in row)], dtype=float)


def release_reliability(rows: Sequence[Row], audience: Audience, *, each: bool = False) -> ReliabilityFigure | None:
    """α of the complete rows (one a person, reversed items turned round), and without `each` item.

    None below ten rows or where α is undefined.
    """
    table = _complete(rows)
    if len(table) < max(TESTS_FROM, audience.k):
        return None
    found = reliability({str(i): column for i, column in enumerate(table.T)})
    if found.alpha is None or found.alpha_low is None or found.alpha_high is None:
        return None
    return ReliabilityFigure(
        nearest(found.n, audience.step),
        half_up(found.alpha, 2),
        half_up(found.alpha_low, 2),
        half_up(found.alpha_high, 2),
        tuple(rounded(one, 2) for one in found.alpha_if_dropped.values()) if each else (),
    )


def release_precision(rows: Sequence[Row]) -> Precision | Suppressed:
    """Spread of the mean scores and α of the complete rows, thirty of them or more."""
    table = _complete(rows)
    if len(table) < PRECISION_FROM:
        return Suppressed()
    alpha = reliability({str(i): column for i, column in enumerate(table.T)}).alpha
    sd = half_up(float(table.mean(axis=1).std(ddof=1)), 2)
    if alpha is None or sd == 0:
        return Suppressed()
    return Precision(len(table), sd, half_up(min(1.0, max(0.0, alpha)), 2))
