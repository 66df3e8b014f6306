"""What was released of check-ins, the team's own questions and the start as seen from the end, as tables."""

from staff.impact_table import NOT_SHOWN, Table, estimate
from surveys.charts import number

SINCE = ["People", "Change since the start as seen from the end (95% interval)", "That start against the first answers"]
LOOKING_BACK = (
    "A series of its own: what people answered after their last session against the start as they saw it from there. "
    "Looking back has a bias of its own, so it never takes the place of the first answers."
)
WHOLE_COHORT = "Over all circles, never for one. From {low} ({lowest}) to {high} ({highest})."
ASKED = "Asked in “{survey}”. An answer that few chose is not shown, nor one that would let it be worked out."


def tables(figures: dict) -> list[Table]:
    """None of what was not asked; figures that were released before these were told have none of them."""
    found = [_looking_back(figures["outcomes"])] if any(one.get("looking_back") for one in figures["outcomes"]) else []
    if check_ins := figures.get("check_ins"):
        found.append(_sessions(check_ins))
    return [*found, *(_question(one) for one in figures.get("questions", []))]


def _looking_back(outcomes: list[dict]) -> Table:
    rows = [(one["name"], "", _since(one.get("looking_back"))) for one in outcomes]
    return Table("Looking back", SINCE, rows, note=LOOKING_BACK)


def _since(found: dict | None) -> list[str]:
    if found is None:
        return [NOT_SHOWN] * len(SINCE)
    since, shift = found["then_post"], found["pre_then"]
    intervals = [estimate(one, "mean_diff", "ci_low", "ci_high") for one in (since, shift)]
    return [str(since["n_pairs"]), *intervals]


def _sessions(check_ins: dict) -> Table:
    (low, high), (lowest, highest) = check_ins["scale"], check_ins["anchors"]
    note = WHOLE_COHORT.format(low=low, lowest=lowest.lower(), high=high, highest=highest.lower())
    rows = [(f"Session {row['session']}", row["text"], _mean(row["figures"])) for row in check_ins["rows"]]
    return Table(check_ins["name"], ["People", "Mean (SD)"], rows, first="Session", note=note)


def _mean(figures: dict | None) -> list[str]:
    return [] if figures is None else [str(figures["n"]), f"{number(figures['mean'], 2)} ({number(figures['sd'], 2)})"]


def _question(question: dict) -> Table:
    figures = question["figures"]
    shown = figures["options"] if figures else [None] * len(question["options"])
    rows = [
        (words, question["text"], _share(one) if figures else [])
        for words, one in zip(question["options"], shown, strict=True)
    ]
    note = ASKED.format(survey=question["survey"])
    return Table(question["question"], ["People", "Share"], rows, first="Answer", note=note)


def _share(one: dict | None) -> list[str]:
    if one is None:
        return [NOT_SHOWN] * 2
    return [str(one["n"]), "–" if one["percent"] is None else f"{one['percent']}%"]
