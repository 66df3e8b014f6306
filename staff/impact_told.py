"""What was released of check-ins, the team's own questions and the start as seen from the end, as tables."""

from staff.impact_table import NOT_SHOWN, Table, estimate
from surveys import printed

SINCE = ["People", "Change since the start as seen from the end (95% interval)", "That start against the first answers"]
BY_ROLE, EVERYBODY = "Who answered, by role", "Everybody"
BY_ROLE_NOTE = (
    "Of those enrolled. Whoever did not agree to the use of their answers counts as not having answered. Small numbers "
    "are not shown, nor those from which one could be worked out."
)
LOOKING_BACK = (
    "A series of its own: what people answered after their last session against the start as they saw it from there. "
    "Looking back has a bias of its own, so it never takes the place of the first answers."
)


def tables(figures: dict) -> list[Table]:
    """None of what was not asked; figures that were released before these were told have none of them."""
    found = [_answered(figures["answered"])] if figures.get("answered") else []
    if any(one.get("looking_back") for one in figures["outcomes"]):
        found.append(_looking_back(figures["outcomes"]))
    return [*found, *(_table(one) for one in printed.told(figures, decimals=2))]


def _answered(answered: dict) -> Table:
    """By role, which surveys people handed in; the last row is of everybody."""
    found, titles = answered["figures"], [*answered["columns"], "All"]
    if found is None:
        return Table(BY_ROLE, titles, [(EVERYBODY, answered["text"], [])], first="Role", note=BY_ROLE_NOTE)
    lines = zip(answered["roles"], found["cells"], found["row_totals"], strict=True)
    rows = [(role, "", [_cell(one) for one in [*cells, total]]) for role, cells, total in lines]
    totals = [_cell(one) for one in [*found["column_totals"], found["total"]]]
    return Table(BY_ROLE, titles, [*rows, (EVERYBODY, "", totals)], first="Role", note=BY_ROLE_NOTE)


def _cell(n: int | None) -> str:
    return NOT_SHOWN if n is None else str(n)


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
