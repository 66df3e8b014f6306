"""The questions of enrolment: which of them a person is asked, in which order, and which are still open."""

from dataclasses import dataclass

from cohorts.models import Topic
from participants.models import Enrolment


@dataclass(frozen=True)
class Step:
    key: str
    label: str


STEPS = [
    Step("name", "Your name"),
    Step("side", "Your part"),
    Step("eligibility", "Who this is for"),
    Step("job", "Your job"),
    Step("place", "Where you work"),
    Step("slots", "When you can meet"),
    Step("dates", "Dates that don’t work"),
    Step("goals", "Goals"),
    Step("access", "Access needs"),
    Step("manager", "Your line manager"),
    Step("agreement", "Confidentiality and conduct"),
    Step("consents", "Your choices about your information"),
]


def asks_eligibility(enrolment: Enrolment) -> bool:
    """Whether the format asks the eligibility question of this person's side."""
    asked_of = enrolment.cohort.format.eligibility_side
    return bool(asked_of) and enrolment.side == asked_of


def _is_asked(step: Step, enrolment: Enrolment) -> bool:
    conditions = {
        "side": lambda: not enrolment.cohort.format.side_of(enrolment.role),
        "eligibility": lambda: asks_eligibility(enrolment),
        "slots": enrolment.cohort.slots.exists,
        "goals": Topic.objects.exists,
    }
    condition = conditions.get(step.key)
    return condition is None or condition()


def is_asked(key: str, enrolment: Enrolment) -> bool:
    """Whether one question is put to this person."""
    return any(step.key == key and _is_asked(step, enrolment) for step in STEPS)


def steps_for(enrolment: Enrolment) -> list[Step]:
    """The questions put to this person, in order."""
    return [step for step in STEPS if _is_asked(step, enrolment)]


def open_steps(enrolment: Enrolment) -> list[Step]:
    """The questions that this person has not saved an answer to."""
    unsaved = [step for step in STEPS if step.key not in enrolment.steps_done]
    return [step for step in unsaved if _is_asked(step, enrolment)]
