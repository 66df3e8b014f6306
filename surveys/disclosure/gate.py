"""The one gate: every figure about more than one person's answers comes out of `release()`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from surveys.disclosure.audience import Audience
from surveys.disclosure.figures import Suppressed
from surveys.disclosure.groups import People, is_enough, leaves_enough
from surveys.disclosure.ledger import Ledger

Figure = TypeVar("Figure")


@dataclass(frozen=True)
class Asked:
    """What is asked about whom: `people` answered it, `parents` are the wider groups of which the same is published.

    `readers` are those who will see it; where they are among the people, they do not count.
    """

    measure: str
    people: People
    parents: tuple[People, ...] = field(default=())
    readers: People = field(default=frozenset())


def release(
    asked: Asked | Sequence[Asked], work_out: Callable[[], Figure | Suppressed], *, audience: Audience, ledger: Ledger
) -> Figure | Suppressed:
    """The figures, or `Suppressed`, and a line in the ledger for each group that they tell about.

    Refused before anything is worked out: fewer than k people who are no readers, fewer than k left of a parent, and a
    group that differs from earlier ones by so few that these could be worked out. What has one answer all alike is
    refused by `work_out`.
    """
    every = [asked] if isinstance(asked, Asked) else list(asked)
    if not all(_may(one, audience.k, ledger) for one in every):
        return Suppressed()
    found = work_out()
    if not isinstance(found, Suppressed):
        _note(every, ledger)
    return found


def _may(asked: Asked, k: int, ledger: Ledger) -> bool:
    return (
        is_enough(asked.people - asked.readers, k)
        and leaves_enough(asked.people, asked.parents, k)
        and ledger.allows(asked.measure, asked.people, k)
    )


def _note(asked: Iterable[Asked], ledger: Ledger) -> None:
    for one in asked:
        ledger.add(one.measure, one.people)
