"""What each app holds about a person, said by the app itself in its `ready()`.

Whoever answers "what do you hold about me?" or "erase me" asks here, and so needs to know none of the apps above.
The inventory (`inventory.toml`) says for every field of every model what is to happen to it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User

# One thing held: what it is called to a person, and its value in words.
Entry = dict[str, object]


@dataclass(frozen=True)
class Holding:
    """One part of what is held about a person.

    `export` gives it in plain words and values. `erase` removes it or makes it nobody's, returns how many rows it
    touched, and is None where the part must be kept; `kept_because` then says why, to the person. Holdings are erased
    in the order of `position`, so that what points to a row goes before the row. What is `apart` hangs on no field that
    leads to the person, so that the inventory alone would not find it: an address, a random key. Staff then read
    `of_them` in place of the title, which speaks to the person.
    """

    key: str
    title: str
    export: Callable[[User], list[Entry]]
    erase: Callable[[User], int] | None = None
    kept_because: str = ""
    position: int = 50
    apart: bool = False
    of_them: str = ""


# What is said of a list of those who read something of a person's.
LOOKS_KEPT = "So that you can see who read it; it goes after two years, as all that is noted of the team’s work."


_holdings: dict[str, Holding] = {}
_confided: dict[str, Callable[[User], Any]] = {}
# The keys of people who are needed for something that goes on, or that ended after a moment.
Needed = Callable[[dt.datetime], Any]
_needed: dict[str, Needed] = {}


def confide(label: str, known_to: Callable[[User], Any]) -> None:
    """That rows of a model, such as “circles.Concern”, were told in confidence.

    `known_to` gives the keys of those of which a member of the team may know. For everybody else the trail has no line
    about one: what was done says by itself that there is something.
    """
    _confided[label] = known_to


def confided() -> dict[str, Callable[[User], Any]]:
    """Every such model by its label."""
    return dict(_confided)


def need(key: str, whom: Needed) -> None:
    """That an app needs people's accounts; whoever is needed by none for two years is erased.

    `whom` gives a query of their keys, from the moment up to which what is over may be forgotten.
    """
    _needed[key] = whom


def needed() -> list[Needed]:
    """Everything that people are needed for."""
    return [_needed[key] for key in sorted(_needed)]


def register(holding: Holding) -> Holding:
    """Make a holding known. Raises ValueError for a taken key, or where nothing says what erasing does."""
    if holding.key in _holdings and _holdings[holding.key] != holding:
        raise ValueError(f"There is a holding called {holding.key} already.")
    if holding.erase is None and not holding.kept_because:
        raise ValueError(f"The holding {holding.key} must say how it is erased, or why it is kept.")
    _holdings[holding.key] = holding
    return holding


def every() -> list[Holding]:
    """All holdings in the order in which they are erased."""
    return sorted(_holdings.values(), key=lambda holding: (holding.position, holding.key))


def export(user: User) -> dict[str, list[Entry]]:
    """Everything held about the person, by the title of each holding. Those that hold nothing are left out."""
    held = {holding.title: holding.export(user) for holding in every()}
    return {title: entries for title, entries in held.items() if entries}


def erase(user: User) -> dict[str, int]:
    """Run every eraser, in order and in the caller's transaction; how many rows each touched, by the holding's key."""
    return {holding.key: holding.erase(user) for holding in every() if holding.erase is not None}
