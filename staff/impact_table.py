"""Released figures in the words and numbers of the impact page."""

from dataclasses import dataclass

from surveys.charts import Dots, Interval, interval, number, reach_of, signed

TOO_FEW = "below 10 pairs"
WEAK_BELOW = 0.7  # α under which a scale's statements hang together too loosely to lean on its score
CHANGE = [
    "Pairs", "Mean before (SD)", "Mean after (SD)", "Mean change (95% interval)",
    "Standardised change, g_z (95% interval)", "Standardised change, d_av", "p (adjusted)",
]  # fmt: skip
RANKS = ["Rank-biserial", "Wilcoxon p", "Method", "Allowing for circles (95% interval)", "Alike within circles (ICC)"]
QUALITY = ["Scale", "α before (95% interval)", "α after (95% interval)", "If nobody else had changed"]
ATTRITION = ["Answered again: people, mean (SD)", "Did not: people, mean (SD)", "Difference in SDs"]
METHODS = {"exact": "exact", "normal_cc": "normal, corrected"}
NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Outcome:
    """One scale as it is printed. Without figures there is the one sentence that says so, and no cells."""

    name: str
    instrument: str
    version: int
    validated: bool
    text: str
    chart: Interval | None
    change: list[str]
    ranks: list[str]
    quality: list[str]
    attrition: list[str]
    weak: bool
    dropped: list[tuple[str, str, str]]


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
    first: str = "Outcome"
    note: str = ""
    chart: Dots | None = None


def tables(printed: list[Outcome]) -> list[Table]:
    return [
        Table("The same as a table", CHANGE, [(one.name, one.text, one.change) for one in printed]),
        Table("By ranks, and by circles", RANKS, [(one.name, one.text, one.ranks) for one in printed]),
        Table("How well it was measured", QUALITY, [(one.name, one.text, one.quality) for one in printed]),
        Table(
            "First scores of those who answered again and of those who did not",
            ATTRITION,
            [(one.name, one.text, one.attrition) for one in printed],
        ),
    ]


def _outcome(outcome: dict, reach: float) -> Outcome:
    figures = outcome["figures"]
    plain = {key: outcome[key] for key in ("name", "instrument", "version", "validated", "text")}
    if figures is None:
        return Outcome(**plain, chart=None, change=[], ranks=[], quality=[], attrition=[], weak=False, dropped=[])
    title = f"{outcome['name']}: mean change {estimate(figures, 'mean_diff', 'ci_low', 'ci_high')}"
    chart = interval(title, figures["mean_diff"], figures["ci_low"], figures["ci_high"], reach)
    return Outcome(
        **plain,
        chart=chart,
        change=_change(figures, outcome["role"]),
        ranks=_ranks(figures),
        quality=_quality(outcome),
        attrition=_attrition(outcome["attrition"]),
        weak=is_weak(outcome),
        dropped=_dropped(outcome),
    )


def _change(figures: dict, role: str) -> list[str]:
    return [
        str(figures["n_pairs"]),
        f"{number(figures['mean_pre'], 2)} ({number(figures['sd_pre'], 2)})",
        f"{number(figures['mean_post'], 2)} ({number(figures['sd_post'], 2)})",
        estimate(figures, "mean_diff", "ci_low", "ci_high"),
        estimate(figures, "g_z", "g_z_low", "g_z_high"),
        TOO_FEW if figures["d_av"] is None else signed(figures["d_av"], 2),
        _p(figures, role),
    ]


def _quality(outcome: dict) -> list[str]:
    figures, (low, high) = outcome["figures"], outcome["scale"]
    return [
        between(f"{low:g}", f"{high:g}"),
        _alpha(outcome["alpha_pre"]),
        _alpha(outcome["alpha_post"]),
        _sensitivity(figures),
    ]


def between(low: str, high: str) -> str:
    """“1 to 5”, never broken over two lines of a narrow table."""
    return f"{low}\u00a0to\u00a0{high}"


def estimate(figures: dict, value: str, low: str, high: str) -> str:
    if figures[value] is None or figures[low] is None:
        return TOO_FEW
    return f"{signed(figures[value], 2)} ({between(signed(figures[low], 2), signed(figures[high], 2))})"


def _p(figures: dict, role: str) -> str:
    """The primary outcome's as it is; any other with the adjusted one in brackets."""
    if figures["p"] is None:
        return TOO_FEW
    if role == "primary":
        return f"{_plain_p(figures['p'])} (primary)"
    return f"{_plain_p(figures['p'])} ({_plain_p(figures['p_holm'])})"


def _plain_p(p: float) -> str:
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


def _ranks(figures: dict) -> list[str]:
    by_rank = [TOO_FEW] * 3
    if figures["wilcoxon_p"] is not None:
        by_rank = [
            signed(figures["rank_biserial"], 2), _plain_p(figures["wilcoxon_p"]), METHODS[figures["wilcoxon_method"]],
        ]  # fmt: skip
    cluster = figures["cluster"]
    if cluster is None:
        return [*by_rank, "not estimable", "not estimable"]
    icc = "not estimable" if cluster["icc"] is None else number(cluster["icc"], 2)
    return [*by_rank, between(signed(cluster["ci_low"], 2), signed(cluster["ci_high"], 2)), icc]


def _attrition(found: dict | None) -> list[str]:
    if found is None:
        return [NOT_SHOWN] * 3
    sides = [
        f"{found['n_' + side]}, {number(found['mean_' + side], 2)} ({number(found['sd_' + side], 2)})"
        for side in ("completers", "others")
    ]
    return [*sides, TOO_FEW if found["standardised"] is None else signed(found["standardised"], 2)]


def _sensitivity(figures: dict) -> str:
    if figures["no_change_diff"] is None:
        return NOT_SHOWN
    return f"{signed(figures['no_change_diff'], 2)} (of {figures['n_pre']})"


def _alpha(figure: dict | None) -> str:
    if figure is None:
        return "not estimable"
    interval = between(number(figure["low"], 2), number(figure["high"], 2))
    return f"{number(figure['alpha'], 2)} ({interval}), n = {figure['n']}"


def _dropped(outcome: dict) -> list[tuple[str, str, str]]:
    """By statement, α of the others before and after; nothing where neither wave has an α, or it was not released."""
    waves = [(outcome[name] or {}).get("if_dropped") or [] for name in ("alpha_pre", "alpha_post")]
    items = outcome.get("items", [])
    if not any(waves):
        return []
    before, after = ([_without(one) for one in wave] or ["not estimable"] * len(items) for wave in waves)
    return list(zip(items, before, after, strict=True))


def _without(alpha: float | None) -> str:
    return "not estimable" if alpha is None else number(alpha, 2)


def is_weak(outcome: dict) -> bool:
    """Whether a scale hangs together too loosely, before or after, to lean on its figures."""
    return any(figure and figure["alpha"] < WEAK_BELOW for figure in (outcome["alpha_pre"], outcome["alpha_post"]))
