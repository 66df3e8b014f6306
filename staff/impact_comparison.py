"""Cohorts side by side, each with the figures that it was released with."""

from dataclasses import dataclass

from cohorts.models import Cohort
from staff.impact_table import estimate
from surveys.charts import Forest, forest, reach_of
from surveys.selectors.impact import newest_figures


@dataclass(frozen=True)
class Scale:
    """One scale over cohorts. A version of its own, or a scale of another length, is another scale."""

    name: str
    scale: str
    chart: Forest | None
    rows: list[tuple[str, str, list[str]]]


def scales(cohorts: list[Cohort]) -> list[Scale]:
    released = newest_figures(cohorts)
    found: dict[tuple, list[tuple[Cohort, dict]]] = {}
    for cohort in cohorts:
        for outcome in released.get(cohort.pk, {"outcomes": []})["outcomes"]:
            key = (outcome["key"], outcome["version"], *outcome["scale"])
            found.setdefault(key, []).append((cohort, outcome))
    return [_scale(rows) for rows in found.values()]


def _scale(rows: list[tuple[Cohort, dict]]) -> Scale:
    first = rows[0][1]
    shown = [(str(cohort), outcome["figures"]) for cohort, outcome in rows if outcome["figures"]]
    reach = reach_of([figures[end] for _, figures in shown for end in ("ci_low", "ci_high")])
    lines = [(name, one["mean_diff"], one["ci_low"], one["ci_high"]) for name, one in shown]
    title = f"{first['name']}: mean change by cohort, {len(lines)} of them; the table has the numbers"
    return Scale(
        name=first["name"],
        scale=f"{first['scale'][0]:g} to {first['scale'][1]:g}",
        chart=forest(title, lines, reach) if lines else None,
        rows=[(str(cohort), outcome["text"], _cells(outcome["figures"])) for cohort, outcome in rows],
    )


def _cells(figures: dict | None) -> list[str]:
    if figures is None:
        return []
    return [
        str(figures["n_pairs"]),
        estimate(figures, "mean_diff", "ci_low", "ci_high"),
        estimate(figures, "g_z", "g_z_low", "g_z_high"),
    ]
