"""Released figures in the words and numbers of the impact page."""

from dataclasses import dataclass

from surveys.charts import Interval, interval, number, reach_of, signed

TOO_FEW = "below 10 pairs"
WEAK_BELOW = 0.7  # α under which a scale's statements hang together too loosely to lean on its score
CHANGE = [
    "Pairs", "Mean before (SD)", "Mean after (SD)", "Mean change (95% interval)", "g_z (95% interval)", "d_av",
    "p (adjusted)",
]  # fmt: skip
QUALITY = ["Scale", "α before (95% interval)", "α after (95% interval)", "If nobody else had changed"]


@dataclass(frozen=True)
class Outcome:
    """One scale as it is printed. Without figures there is the one sentence that says so, and no cells."""

    name: str
    instrument: str
    validated: bool
    text: str
    chart: Interval | None
    change: list[str]
    quality: list[str]
    weak: bool


def outcomes(released: list[dict]) -> list[Outcome]:
    """All outcomes of a cohort, their charts on one common axis."""
    shown = [outcome["figures"] for outcome in released if outcome["figures"]]
    reach = reach_of([figures[end] for figures in shown for end in ("ci_low", "ci_high")])
    return [_outcome(outcome, reach) for outcome in released]


@dataclass(frozen=True)
class Table:
    """A table over all outcomes: its column titles, and for each outcome its name, the sentence or the cells."""

    heading: str
    titles: list[str]
    rows: list[tuple[str, str, list[str]]]


def tables(printed: list[Outcome]) -> list[Table]:
    return [
        Table("The same as a table", CHANGE, [(one.name, one.text, one.change) for one in printed]),
        Table("How well it was measured", QUALITY, [(one.name, one.text, one.quality) for one in printed]),
    ]


def _outcome(outcome: dict, reach: float) -> Outcome:
    figures = outcome["figures"]
    plain = {key: outcome[key] for key in ("name", "instrument", "validated", "text")}
    if figures is None:
        return Outcome(**plain, chart=None, change=[], quality=[], weak=False)
    title = f"{outcome['name']}: mean change {_estimate(figures, 'mean_diff', 'ci_low', 'ci_high')}"
    chart = interval(title, figures["mean_diff"], figures["ci_low"], figures["ci_high"], reach)
    return Outcome(**plain, chart=chart, change=_change(figures), quality=_quality(outcome), weak=_is_weak(figures))


def _change(figures: dict) -> list[str]:
    return [
        str(figures["n_pairs"]),
        f"{number(figures['mean_pre'], 2)} ({number(figures['sd_pre'], 2)})",
        f"{number(figures['mean_post'], 2)} ({number(figures['sd_post'], 2)})",
        _estimate(figures, "mean_diff", "ci_low", "ci_high"),
        _estimate(figures, "g_z", "g_z_low", "g_z_high"),
        TOO_FEW if figures["d_av"] is None else signed(figures["d_av"], 2),
        _p(figures),
    ]


def _quality(outcome: dict) -> list[str]:
    figures, (low, high) = outcome["figures"], outcome["scale"]
    return [
        f"{low:g} to {high:g}",
        _alpha(figures["alpha_pre"]),
        _alpha(figures["alpha_post"]),
        _sensitivity(figures),
    ]


def _estimate(figures: dict, value: str, low: str, high: str) -> str:
    if figures[value] is None or figures[low] is None:
        return TOO_FEW
    return f"{signed(figures[value], 2)} ({signed(figures[low], 2)} to {signed(figures[high], 2)})"


def _p(figures: dict) -> str:
    if figures["p"] is None:
        return TOO_FEW
    plain, adjusted = (f"{p:.3f}" if p >= 0.001 else "< 0.001" for p in (figures["p"], figures["p_holm"]))
    return f"{plain} ({adjusted})"


def _sensitivity(figures: dict) -> str:
    if figures["no_change_diff"] is None:
        return "not shown"
    return f"{signed(figures['no_change_diff'], 2)} (of {figures['n_pre']})"


def _alpha(figure: dict | None) -> str:
    if figure is None:
        return "not estimable"
    return (
        f"{number(figure['alpha'], 2)} ({number(figure['low'], 2)} to {number(figure['high'], 2)}), n = {figure['n']}"
    )


def _is_weak(figures: dict) -> bool:
    return any(figure and figure["alpha"] < WEAK_BELOW for figure in (figures["alpha_pre"], figures["alpha_post"]))
