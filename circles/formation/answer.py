"""The outcome: circles, and who waits with the reason."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Circle:
    """An open circle and its one meeting; a part of the meeting is None where nobody in it gives any."""

    mentor: str
    mentees: tuple[str, ...]
    slot: str | None = None
    place: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Answer:
    """Everybody is in exactly one circle or in `waiting`; `because` says why somebody is placed where they are."""

    circles: tuple[Circle, ...]
    waiting: dict[str, str]
    because: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    bound: float | None = None
    proof: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def cost(self) -> float:
        return sum(self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """The format that `reading` is the other half of."""
        return {
            "circles": [_circle(circle) for circle in self.circles],
            "waiting": [{"mentee": mentee, "reason": reason} for mentee, reason in self.waiting.items()],
            "placements": [{"mentee": mentee, "because": lines} for mentee, lines in self.because.items()],
            "cost": self.cost,
            "bound": self.bound,
            "parts": {name: value for name, value in self.parts.items() if value},
            "proof": self.proof,
            "seconds": round(self.seconds, 3),
        }


def _circle(circle: Circle) -> dict[str, Any]:
    return {
        "mentor": circle.mentor,
        "slot": circle.slot,
        "place": circle.place,
        "language": circle.language,
        "mentees": list(circle.mentees),
    }
