"""What was released of check-ins, the team's own questions and the start as seen from the end, as tables."""

from staff.impact_table import NOT_SHOWN, Table, estimate
from surveys import printed

SINCE = ["People", "Change since the start as seen from the end (95% interval)", "That start against the first answers"]
LOOKING_BACK = (
    "A series of its own: what people answered after their last session against the start as they saw it from there. "
    "Looking back has a bias of its own, so it never takes the place of the first answers."
)


def tables(figures: dict) -> list[Table]:
    """None of what was not asked; figures that were released before these were told have none of them."""
    found = [_looking_back(figures["outcomes"])] if any(one.get("looking_back") for one in figures["outcomes"]) else []
    return [*found, *(_table(one) for one in printed.told(figures, decimals=2))]


def _table(one: printed.Told) -> Table:
    return Table(one.heading, one.titles, one.rows, first=one.first, note=one.note, chart=one.chart)


def _looking_back(outcomes: list[dict]) -> Table:
    rows = [(one["name"], "", _since(one.get("looking_back"))) for one in outcomes]
    return Table("Looking back", SINCE, rows, note=LOOKING_BACK)


def _since(found: dict | None) -> list[str]:
    if found is None:
        return [NOT_SHOWN] * len(SINCE)
    since, shift = found["then_post"], found["pre_then"]
    intervals = [estimate(one, "mean_diff", "ci_low", "ci_high") for one in (since, shift)]
    return [str(since["n_pairs"]), *intervals]
