"""Who may see a figure, and how small a group they may see."""

from dataclasses import dataclass

FLOOR = 5  # hard: no setting goes below it


@dataclass(frozen=True)
class Audience:
    """`k` is the smallest group; `decimals` the places to which scores are rounded."""

    name: str
    k: int
    decimals: int

    def __post_init__(self) -> None:
        if self.k < FLOOR:
            raise ValueError(f"No group below {FLOOR} is ever shown.")

    def with_threshold(self, k: int) -> "Audience":
        """The same audience under the threshold that a survey was launched with."""
        return Audience(self.name, k, self.decimals)


TEAM = Audience("team", 5, 2)
OUTSIDE = Audience("outside", 8, 1)
