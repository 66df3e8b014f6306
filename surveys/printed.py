"""Released figures in words: the same cell reads the same on every page and in every report."""

from dataclasses import dataclass

from surveys.charts import Dots, dots, number, signed

NOT_SHOWN = "Not shown"
WHOLE_COHORT = "Over all circles, never for one. From {low} ({lowest}) to {high} ({highest})."
ASKED = "Asked in “{survey}”. An answer that few or none chose is not shown, nor one that would let it be worked out."


@dataclass(frozen=True)
class Told:
    """What was said of the sessions, or to one of the team's own questions: by row its name and cells.

    A row without cells has nothing but the sentence that says why.
    """

    heading: str
    note: str
    first: str
    titles: list[str]
    rows: list[tuple[str, str, list[str]]]
    chart: Dots | None = None


def told(figures: dict, decimals: int = 1) -> list[Told]:
    """None of what was not asked; figures that were released before these were told have none of them."""
    check_ins = figures.get("check_ins")
    found = [_sessions(check_ins, decimals)] if check_ins else []
    return [*found, *(_question(one) for one in figures.get("questions", []))]


def _sessions(check_ins: dict, decimals: int) -> Told:
    (low, high), (lowest, highest) = check_ins["scale"], check_ins["anchors"]
    note = WHOLE_COHORT.format(low=low, lowest=lowest.lower(), high=high, highest=highest.lower())
    rows = [(f"Session {row['session']}", row["text"], _mean(row["figures"], decimals)) for row in check_ins["rows"]]
    means = [row["figures"]["mean"] if row["figures"] else None for row in check_ins["rows"]]
    lines = [
        (name, NOT_SHOWN if mean is None else number(mean, decimals), mean)
        for (name, _, _), mean in zip(rows, means, strict=True)
    ]
    title = f"{check_ins['name']}: the mean after each session, from {low} to {high}; the table has the numbers"
    return Told(check_ins["name"], note, "Session", ["People", "Mean (SD)"], rows, dots(title, low, high, lines))


def _mean(figures: dict | None, decimals: int) -> list[str]:
    if figures is None:
        return []
    return [str(figures["n"]), f"{number(figures['mean'], decimals)} ({number(figures['sd'], decimals)})"]


def _question(question: dict) -> Told:
    figures = question["figures"]
    shown = figures["options"] if figures else [None] * len(question["options"])
    rows = [
        (words, question["text"], _share(one) if figures else [])
        for words, one in zip(question["options"], shown, strict=True)
    ]
    note = ASKED.format(survey=question["survey"])
    return Told(question["question"], note, "Answer", ["People", "Share"], rows)


def _share(one: dict | None) -> list[str]:
    if one is None:
        return [NOT_SHOWN.lower()] * 2
    return [str(one["n"]), "–" if one["percent"] is None else f"{one['percent']}%"]


@dataclass(frozen=True)
class Change:
    """One outcome as it is read outside the team."""

    name: str
    scale: str
    words: str


def changes(figures: dict) -> list[Change]:
    """Every outcome that was released, those that may not be shown too."""
    return [Change(one["name"], scale_of(one), change_words(one)) for one in figures["outcomes"]]


def scale_of(outcome: dict) -> str:
    return f"{outcome['scale'][0]:g} to {outcome['scale'][1]:g}"


def change_words(outcome: dict | None) -> str:
    """Mean before and after, mean change with its 95% interval, and the number of people to the nearest five."""
    if outcome is None or outcome["figures"] is None:
        return NOT_SHOWN
    one = outcome["figures"]
    change = f"{signed(one['mean_diff'])} ({signed(one['ci_low'])} to {signed(one['ci_high'])})"
    return f"{number(one['mean_pre'])} → {number(one['mean_post'])}: {change}, about {one['n_pairs']} people"
