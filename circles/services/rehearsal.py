"""Publication rehearsed: the very code that publishes runs in a transaction that is taken back, and what it put into
the outbox is looked at before. So the preview can't differ from what happens.

Nothing gets out. The rows go with the transaction, and so does whatever waited for its commit, such as waking a worker;
mail is only ever sent from rows that a worker finds.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from circles.models import Circle, FormationRun, Session
from circles.selectors.away import clashes
from circles.services.board import FormationError
from circles.services.publishing import PLACED, WAITING, blockers, publish
from circles.services.sessions import INVITED
from cohorts.models import Cohort, Side
from outbox import kinds, wording
from outbox.models import Message
from outbox.rendering import Rendered
from outbox.services import gathered
from participants.models import Enrolment

# The order in which the preview shows them; a seat in a circle and none are told differently to who leads.
ORDER = [(PLACED, Side.LEAD), (PLACED, Side.MEMBER), (INVITED, ""), (WAITING, Side.MEMBER), (WAITING, Side.LEAD)]


@dataclass(frozen=True)
class Told:
    """One sort of message: who gets it and how many each, and one of them in full as the example."""

    title: str
    people: list[tuple[Enrolment, int]]
    example: Rendered
    example_for: str
    has_calendar: bool

    @property
    def messages(self) -> int:
        return sum(amount for _, amount in self.people)


@dataclass(frozen=True)
class Rehearsal:
    """What publishing would tell to whom, or what stands in its way."""

    told: list[Told] = field(default_factory=list)
    circles: int = 0
    blockers: list[str] = field(default_factory=list)
    moved: list[Session] = field(default_factory=list)
    clashes: list[tuple[Session, int]] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({enrolment.pk for told in self.told for enrolment, _ in told.people})

    @property
    def messages(self) -> int:
        return sum(told.messages for told in self.told)


class _TakenBackError(Exception):
    """Ends the transaction, so that nothing of it stays; carries what was seen."""

    def __init__(self, seen: Rehearsal) -> None:
        super().__init__()
        self.seen = seen


def rehearse(*, run: FormationRun, by: User | None) -> Rehearsal:
    """What publishing would tell to whom now. Changes nothing."""
    try:
        with transaction.atomic(), gathered() as messages:
            circles = publish(run=run, by=by)
            told = _told(run.cohort, messages)
            raise _TakenBackError(Rehearsal(told, len(circles), moved=_moved(circles), clashes=_clashes(circles)))
    except _TakenBackError as taken_back:
        return taken_back.seen
    except FormationError as refusal:
        return Rehearsal(blockers=blockers(run) or [str(refusal)])


def _moved(circles: list[Circle]) -> list[Session]:
    """The sessions whose regular day is a bank holiday or blocked."""
    found = Session.objects.filter(circle__in=circles).exclude(moved_because="")
    return list(found.select_related("circle__cohort__format").order_by("circle__number", "number"))


def _clashes(circles: list[Circle]) -> list[tuple[Session, int]]:
    """The sessions on days that do not work for some of their circle, and for how many: those with most first."""
    planned = Session.objects.filter(circle__in=circles).select_related("circle__cohort__format")
    return sorted(clashes(planned.order_by("circle__number", "number")), key=lambda found: -found[1])


def _told(cohort: Cohort, messages: list[Message]) -> list[Told]:
    people = {one.user_id: one for one in cohort.enrolments.select_related("user", "organisation")}
    sorts: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        side = people[message.recipient_id].side
        sorts[(message.kind, "" if message.kind == INVITED else side)].append(message)
    known = [sort for sort in ORDER if sort in sorts]
    return [_sort(cohort, *sort, sorts[sort], people) for sort in [*known, *sorted(sorts.keys() - set(ORDER))]]


def _sort(cohort: Cohort, kind_key: str, side: str, messages: list[Message], people: dict) -> Told:
    kind, first = kinds.get(kind_key), messages[0]
    amounts = Counter(message.recipient_id for message in messages)
    told = sorted(((people[pk], amount) for pk, amount in amounts.items()), key=lambda row: row[0].user.sort_name)
    words = f"to {cohort.format.role_of(side)}s" if side else "to everybody with a seat"
    return Told(
        title=f"{kind.title}, {words}",
        people=told,
        example=wording.render(kind, kind.context(first)),
        example_for=people[first.recipient_id].user.get_full_name(),
        has_calendar=kind.calendar(first) is not None,
    )
