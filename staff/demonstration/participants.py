"""People are put forward, answer, and enrol."""

from dataclasses import dataclass
from random import Random

from cohorts.models import Cohort, Role, Side, Slot, Topic
from organisations.models import Participation
from participants import services
from participants.models import Enrolment, Function, Level, Nomination
from participants.steps import open_steps
from privacy.models import Purpose
from staff.demonstration.names import People
from staff.demonstration.plans import CITIES

REASONS = [
    "Keen to move into management and ready for a wider view.",
    "Has asked for a mentor from outside our sector.",
    "Led a project well last year and should be seen more widely.",
    "Would bring a great deal to a circle.",
    "",
]
JOBS = ["analyst", "adviser", "officer", "coordinator", "specialist", "team leader", "associate", "manager"]
GOAL_NOTES = ["I would like to speak up more in meetings.", "How do people decide who is promoted?", "", "", ""]
HALF = 5  # how many questions somebody leaves open who was called away
ACCESS_NEEDS = ["Captions in online meetings, please.", "I use a wheelchair; step-free rooms, please."]


@dataclass(frozen=True)
class Choices:
    """What a cohort's people choose from; read once."""

    random: Random
    slots: list[Slot]
    topics: list[Topic]

    @classmethod
    def of(cls, cohort: Cohort, random: Random) -> "Choices":
        return cls(random, list(cohort.slots.all()), list(Topic.objects.all()))


def nominate(participation: Participation, role: str, people: People, random: Random) -> Nomination:
    first, last, email = people.next(participation.organisation.domain)
    coordinator = participation.organisation.coordinators.select_related("user").first()
    return services.nominate(
        participation=participation,
        role=role,
        first_name=first,
        last_name=last,
        email=email,
        reason=random.choice(REASONS),
        by=coordinator.user if coordinator else None,
    )


def answers(enrolment: Enrolment, choices: Choices, side: str) -> dict[str, dict[str, object]]:
    """What this person would answer to each question, whether or not it is put to them."""
    random, leads = choices.random, side == Side.LEAD
    online_only = random.random() < 0.6
    return {
        "name": {"first_name": enrolment.user.first_name, "last_name": enrolment.user.last_name},
        "side": {"side": side},
        "eligibility": {"eligible": True},
        "job": _job(enrolment, random),
        "place": {
            "location": random.choice(CITIES),
            "meets_at": ["online"] if online_only else ["online", random.choice(CITIES)],
        },
        "slots": {"slots": random.sample(choices.slots, random.randint(2, 4))},
        "dates": {"ranges": []},
        "goals": {
            "topics": random.sample(choices.topics, 5 if leads else random.randint(1, 3)),
            "goal_note": random.choice(GOAL_NOTES),
        },
        "access": {"access_needs": random.choice(ACCESS_NEEDS) if random.random() < 0.06 else ""},
        "manager": {"line_manager_agreed": random.random() < 0.9},
        "agreement": {"agreed": True},
        "consents": _consents(random, enrolment.user.email),
    }


# The kinds of work as they stand in a job title.
_WORK = {
    Function.COMMERCIAL: "Sales",
    Function.CUSTOMER: "Customer service",
    Function.DATA_TECHNOLOGY: "Data",
    Function.ENGINEERING: "Engineering",
    Function.FINANCE: "Finance",
    Function.FRONT_LINE: "Care",
    Function.LEGAL: "Legal",
    Function.OPERATIONS: "Operations",
    Function.PEOPLE: "Learning",
    Function.POLICY: "Policy",
    Function.PROJECT: "Project",
    Function.OTHER: "Facilities",
}


def _job(enrolment: Enrolment, random: Random) -> dict[str, object]:
    """Mentors of circles and mentees of reverse mentoring are senior; partners are of any level."""
    senior_role = Role.MENTOR if enrolment.cohort.format.capacity > 1 else Role.MENTEE
    levels = [Level.SENIOR_MANAGER, Level.HEAD, Level.EXECUTIVE] if enrolment.role == senior_role else list(Level)[1:4]
    function = random.choice(Function.values)
    return {
        "job_title": f"{_WORK[Function(function)]} {random.choice(JOBS)}",
        "level": random.choice(levels),
        "function": function,
    }


def _consents(random: Random, email: str) -> dict[str, bool]:
    """Beside their name many show more, some only one of the two; drawn apart, so that all else stays as it was."""
    likely = {
        Purpose.EVALUATION: 0.95,
        Purpose.SHARE_WITH_CIRCLE: 0.96,
        Purpose.SHARE_ATTENDANCE: 0.7,
        Purpose.TESTIMONIAL: 0.4,
    }
    own = Random(email)  # noqa: S311  # nobody's secret
    beside = {str(Purpose.SHARE_JOB_TITLE): own.random() < 0.8, str(Purpose.SHARE_EMPLOYER): own.random() < 0.7}
    return beside | {str(purpose): random.random() < chance for purpose, chance in likely.items()}


def enrol(nomination: Nomination, choices: Choices, side: str = "", *, finish: bool = True) -> Enrolment:
    """The nominee accepts and answers every question put to them; unfinished ones stop half-way."""
    enrolment = services.accept_nomination(nomination=nomination)
    given = answers(enrolment, choices, side or enrolment.side)
    enrolment = _answer(enrolment, given, leave=0 if finish else HALF)
    if not finish:
        return enrolment
    # Which side a partner has chosen decides whether there is one more question.
    return services.complete_enrolment(enrolment=_answer(enrolment, given))


def _answer(enrolment: Enrolment, given: dict[str, dict[str, object]], leave: int = 0) -> Enrolment:
    """Answer the questions that are open now, except the last few of them."""
    waiting = [step.key for step in open_steps(enrolment)]
    told = {key: given[key] for key in waiting[: len(waiting) - leave]}
    return services.save_steps(enrolment=enrolment, answers=told) if told else enrolment
