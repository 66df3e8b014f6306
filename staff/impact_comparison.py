"""Cohorts side by side, each with the figures that it was released with."""

from dataclasses import dataclass

from cohorts.models import Cohort
from staff.impact_table import estimate
from surveys.charts import Forest, forest, reach_of
from surveys.selectors.impact import newest_figures
from surveys.selectors.together import newest_together


@dataclass(frozen=True)
class Scale:
    """One scale over cohorts. A version of its own, or a scale of another length, is another scale."""

    name: str
    scale: str
    chart: Forest | None
    rows: list[tuple[str, str, list[str]]]


def scales(cohorts: list[Cohort]) -> list[Scale]:
    released, small = newest_figures(cohorts), _small(cohorts)
    found: dict[tuple, list[tuple[Cohort, dict]]] = {}
    for cohort in cohorts:
        for outcome in released.get(cohort.pk, {"outcomes": []})["outcomes"]:
            key = (outcome["key"], outcome["version"], *outcome["scale"])
            found.setdefault(key, []).append((cohort, outcome))
    return [_scale(rows, small.get(key)) for key, rows in found.items()]


def _small(cohorts: list[Cohort]) -> dict[tuple, dict]:
    """By scale, what was released of small cohorts together, for who may see each of them."""
    seen = {str(cohort.pk) for cohort in cohorts}
    rows = newest_together().get("outcomes", [])
    return {(row["key"], row["version"], *row["scale"]): row for row in rows if seen.issuperset(row["cohorts"])}


def _scale(rows: list[tuple[Cohort, dict]], small: dict | None) -> Scale:
    first = rows[0][1]
    shown = [(str(cohort), outcome["figures"]) for cohort, outcome in rows if outcome["figures"]]
    reach = reach_of([figures[end] for _, figures in shown for end in ("ci_low", "ci_high")])
    lines = [(name, one["mean_diff"], one["ci_low"], one["ci_high"]) for name, one in shown]
    title = f"{first['name']}: mean change by cohort, {len(lines)} of them; the table has the numbers"
    return Scale(
        name=first["name"],
        scale=f"{first['scale'][0]:g} to {first['scale'][1]:g}",
        chart=forest(title, lines, reach) if lines else None,
        rows=[
            *((str(cohort), outcome["text"], _cells(outcome["figures"])) for cohort, outcome in rows),
            *_together(small),
        ],
    )


def _together(small: dict | None) -> list[tuple[str, str, list[str]]]:
    """One row more where cohorts that are too small alone are enough together; no effect size, it is descriptive."""
    if small is None:
        return []
    figures = small["figures"]
    cells = [str(figures["n_pairs"]), estimate(figures, "mean_diff", "ci_low", "ci_high"), "–"] if figures else []
    return [(f"Together: {', '.join(small['names'])}", small["text"], cells)]


def _cells(figures: dict | None) -> list[str]:
    if figures is None:
        return []
    return [
        str(figures["n_pairs"]),
        estimate(figures, "mean_diff", "ci_low", "ci_high"),
        estimate(figures, "g_z", "g_z_low", "g_z_high"),
    ]
