"""Who may see a figure, and how small a group they may see."""

from dataclasses import dataclass, replace

FLOOR = 5  # hard: no setting goes below it


@dataclass(frozen=True)
class Audience:
    """`k` is the smallest group; scores are rounded to `decimals` places, and numbers of people to the next `step`.

    Shares are shown of `percent_from` people on.
    """

    name: str
    k: int
    decimals: int
    step: int = 1
    percent_from: int = FLOOR

    def __post_init__(self) -> None:
        if self.k < FLOOR:
            raise ValueError(f"No group below {FLOOR} is ever shown.")

    def with_threshold(self, k: int) -> "Audience":
        """The same audience under the threshold that a survey was launched with."""
        return replace(self, k=k)


TEAM = Audience("team", 5, 2)
OUTSIDE = Audience("outside", 8, 1, step=5, percent_from=20)
