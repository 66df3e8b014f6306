"""Who is to be seated, and what must hold. The same for circles and for pairs, which are circles with one seat."""

from dataclasses import dataclass, field
from enum import StrEnum

# The three things that everybody in a circle must share: one time, one place, one language.
MEETING_FIELDS = ("slots", "places", "languages")


class OwnOrganisation(StrEnum):
    """Whether a mentor may have mentees of their own organisation."""

    FORBIDDEN = "forbidden"
    REQUIRED = "required"
    ALLOWED = "allowed"


@dataclass(frozen=True, kw_only=True)
class Person:
    """What mentors and mentees have in common. None and an empty tuple mean: not given, so it excludes nothing."""

    id: str
    organisation: str
    level: float | None = None
    function: str | None = None
    slots: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def choices(self, name: str) -> tuple[str, ...]:
        """Their slots, places or languages."""
        found: tuple[str, ...] = getattr(self, name)
        return found


@dataclass(frozen=True, kw_only=True)
class Mentor(Person):
    capacity: int = 10
    expertise: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mentee(Person):
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The price of each thing that we would rather avoid."""

    waiting: float = 2000
    closed: float = 150
    organisation: float = 100
    previous: float = 40
    goals: float = 20
    function: float = 8
    level: float = 6
    size: float = 4
    moved: float = 30


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One cohort to form circles of.

    `apart` and `met` hold pairs of ids; `pinned` and `current` map a mentee's id to a mentor's; `fit` prices a mentee
    with a mentor and `together` two mentees (negative: welcome).
    """

    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    apart: frozenset[frozenset[str]] = frozenset()
    met: frozenset[frozenset[str]] = frozenset()
    pinned: dict[str, str] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    fit: dict[tuple[str, str], float] = field(default_factory=dict)
    together: dict[frozenset[str], float] = field(default_factory=dict)
    own_organisation: OwnOrganisation = OwnOrganisation.FORBIDDEN
    mutual: bool = False
    minimum: int = 8
    target: int = 9
    weights: Weights = field(default_factory=Weights)

    def least(self, mentor: Mentor) -> int:
        """How many a circle needs to open, unless somebody is pinned to it."""
        return min(self.minimum, mentor.capacity)
