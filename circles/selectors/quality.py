"""How near a proposal is to the best there can be, in words for the programme team."""

import math

from circles.models import FormationRun

# Costs nearer to each other than this are the same.
HAIR = 1e-6


def live_words(cost: float | None, bound: float | None) -> str:
    """While a run goes on: what no arrangement can cost less than, and how far the best so far is from it."""
    if bound is None:
        return ""
    if cost is None:
        return f"No arrangement open to this run can cost less than {_points(bound)}."
    if cost <= bound + HAIR:
        return "It is proven that no arrangement open to this run can cost less than the best so far."
    return (
        f"No arrangement open to this run can cost less than {_points(bound)}. "
        f"The best so far is at most {_points(cost - bound)} above what is possible."
    )


def quality(run: FormationRun, *, is_stale: bool = False) -> str:
    """What is proven of a proposal as it is now; blank where nothing is, or where people or answers have changed."""
    if not _is_known(run, is_stale):
        return ""
    above, lowest, waiting = _above(run), run.bound or 0.0, _waiting(run)
    none = "no arrangement that keeps those who were held" if run.progress.get("held") else "no arrangement"
    if above <= HAIR:
        return f"This is proven the best: {none} can cost less."
    if not waiting:
        return f"{none.capitalize()} can cost less than {_points(lowest)}; this one is {_nearness(run)}."
    if not _shortest_list(run):
        by_hand = "waiting" in run.progress.get("proof", {})
        return (
            f"{none.capitalize()} can cost less than {_points(lowest)}; this one is {_points(above)} above that. "
            + ("Fewer could wait: some were put on the list by hand." if by_hand
               else "Whether fewer people could wait is not known.")
        )  # fmt: skip
    return (
        f"The waiting list is proven the shortest: {none} seats more people. Apart from it this proposal costs "
        f"{_points((run.cost or 0.0) - waiting)} and none can cost less than {_points(max(0.0, lowest - waiting))}; "
        f"this one is {_nearness(run)}."
    )


def short_quality(run: FormationRun, *, is_stale: bool = False) -> str:
    """The same for a cell of a table: “proven the best”, “within 7% of the best possible”."""
    if not _is_known(run, is_stale):
        return "not known"
    if _above(run) <= HAIR:
        return "proven the best"
    if _waiting(run) and not _shortest_list(run):
        return f"at most {_points(_above(run))} above the best possible"
    return _nearness(run).replace("of that", "of the best possible").replace("above that", "above the best possible")


def _is_known(run: FormationRun, is_stale: bool) -> bool:
    """Those whom staff move may sit in smaller circles than the engine may make, and so cost less than its bound."""
    return run.cost is not None and run.bound is not None and not is_stale and run.cost >= run.bound - HAIR


def _above(run: FormationRun) -> float:
    return max(0.0, (run.cost or 0.0) - (run.bound or 0.0))


def _nearness(run: FormationRun) -> str:
    """How near to the best possible, the waiting list set aside; in points where a percentage would say little."""
    least = (run.bound or 0.0) - _waiting(run)
    if least <= HAIR:
        return f"at most {_points(_above(run))} above that"
    return f"within {math.ceil(100 * _above(run) / least - HAIR)}% of that"


def _waiting(run: FormationRun) -> float:
    return float(run.parts.get("waiting", 0))


def _shortest_list(run: FormationRun) -> bool:
    """Whether the waiting list was proven the shortest there can be, and nobody has been added to it by hand."""
    proven = "waiting" in run.progress.get("proof", {})
    return proven and _waiting(run) <= run.progress.get("waiting", 0.0) + HAIR


def _points(value: float) -> str:
    amount = round(value)
    return f"{amount:,} point{'' if amount == 1 else 's'}"
