"""What a release gives: figures, or the one word that there are none to show."""

from dataclasses import dataclass
from typing import TypeAlias

# One text for every reason, so that the reason itself tells nothing about the answers.
NOT_SHOWN = "Not shown: too few people, or answers too alike, to keep them confidential."


@dataclass(frozen=True)
class Suppressed:
    """Nothing may be shown: no score, no count, no interval."""

    text: str = NOT_SHOWN


@dataclass(frozen=True)
class CountFigure:
    """A number of people, and its share of a whole where one was given (0–100, rounded)."""

    n: int
    percent: int | None


@dataclass(frozen=True)
class MeanFigure:
    """What n people answered to one question, on its scale."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True)
class ShareFigures:
    """How many of n people chose each answer, in the order of the answers; None where that is hidden."""

    n: int
    options: list[CountFigure | None]


@dataclass(frozen=True)
class ReliabilityFigure:
    """Cronbach's α with its 95 % Feldt interval, of n complete answers; for the team also without each statement.

    `if_dropped` follows the order of the statements; None where α is not defined then.
    """

    n: int
    alpha: float
    low: float
    high: float
    if_dropped: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class ChangeFigures:
    """The change of n people who answered twice, in points of the scale; tests and effect sizes from ten pairs on.

    `no_change_diff` is the mean change of everybody who answered first, had those without a second answer not changed.
    `cluster` takes account of who met with whom; None below ten circles or fifty pairs.
    """

    n_pairs: int
    n_pre: int
    mean_pre: float
    sd_pre: float
    mean_post: float
    sd_post: float
    mean_diff: float
    ci_low: float
    ci_high: float
    no_change_diff: float | None
    p: float | None
    g_z: float | None
    g_z_low: float | None
    g_z_high: float | None
    d_av: float | None
    wilcoxon_p: float | None
    wilcoxon_method: str | None
    rank_biserial: float | None
    cluster: "ClusterFigure | None"


@dataclass(frozen=True)
class LookingBackFigures:
    """A series of its own beside the headline: the end against the start as people see it from there, and that start
    against the first answers (response shift). `pre` and `post` in their names are the first and the second of each.
    """

    then_post: ChangeFigures
    pre_then: ChangeFigures


@dataclass(frozen=True)
class ClusterFigure:
    """How alike people of one circle changed, and the interval of the mean change that takes account of it."""

    circles: int
    icc: float | None
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class AttritionFigures:
    """First scores of those who answered again and of those who did not; `standardised` from ten each."""

    n_completers: int
    mean_completers: float
    sd_completers: float
    n_others: int
    mean_others: float
    sd_others: float
    standardised: float | None


@dataclass(frozen=True)
class Precision:
    """How widely a group's scores spread and how reliably they were measured; for one person's own change."""

    n: int
    sd: float
    alpha: float


Released: TypeAlias = (
    AttritionFigures | ChangeFigures | CountFigure | LookingBackFigures | MeanFigure | Precision | ShareFigures
)
