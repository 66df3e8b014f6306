"""A person's own answers, as they check them before they enrol."""

from collections.abc import Callable
from typing import NamedTuple

from participants import steps
from participants.forms.enrolment import ONLINE, asked_purposes
from participants.models import Enrolment
from privacy.selectors import consents
from ui.dates import date_range, uk_time


class Line(NamedTuple):
    label: str
    value: str
    step: str


NOTHING = "Nothing"


def _job(e: Enrolment) -> list[tuple[str, str]]:
    level = e.get_level_display() if e.level else ""
    return [("Job title", e.job_title), ("Level", level), ("Kind of work", e.get_function_display())]


def _place(e: Enrolment) -> list[tuple[str, str]]:
    return [("Where you work", e.location), ("Where you could meet", ", ".join(_places(e)))]


def _places(e: Enrolment) -> list[str]:
    return ["Online" if place == ONLINE else place for place in e.meets_at]


def _slots(e: Enrolment) -> list[tuple[str, str]]:
    times = [f"{slot.get_weekday_display()} {uk_time(slot.start)}" for slot in e.slots.all()]
    return [("When you could meet", ", ".join(times))]


def _dates(e: Enrolment) -> list[tuple[str, str]]:
    ranges = [date_range(away.starts, away.ends) for away in e.unavailabilities.all()]
    return [("Dates that don’t work", "; ".join(ranges) or NOTHING)]


def _goals(e: Enrolment) -> list[tuple[str, str]]:
    return [("Goals", ", ".join(topic.name for topic in e.topics.all())), ("In your own words", e.goal_note or NOTHING)]


def _side(e: Enrolment) -> list[tuple[str, str]]:
    kind = e.cohort.format
    return [("What you bring", {"lead": kind.lead_words, "member": kind.member_words}.get(e.side, ""))]


def _eligibility(e: Enrolment) -> list[tuple[str, str]]:
    return [("Who this is for", "Yes, this is for me" if "eligibility" in e.steps_done else "")]


def _manager(e: Enrolment) -> list[tuple[str, str]]:
    return [("Your line manager", "Has agreed to the time" if e.line_manager_agreed else "Not yet asked")]


def _consents(e: Enrolment) -> list[tuple[str, str]]:
    given = consents(e.user)
    return [(purpose.label, "Yes" if given[purpose] else "No") for purpose in asked_purposes(e)]


_LINES: dict[str, Callable[[Enrolment], list[tuple[str, str]]]] = {
    "name": lambda e: [("Name", e.user.get_full_name())],
    "side": _side,
    "eligibility": _eligibility,
    "job": _job,
    "place": _place,
    "slots": _slots,
    "dates": _dates,
    "goals": _goals,
    "access": lambda e: [("Access needs", e.access_needs or NOTHING)],
    "manager": _manager,
    "agreement": lambda e: [("Confidentiality and conduct", "Agreed" if e.agreed_at else "")],
    "consents": _consents,
}


def lines(enrolment: Enrolment) -> list[Line]:
    """Every answer with its question's words and key, in order; what is not answered yet says so."""
    return [
        Line(label, value if step.key in enrolment.steps_done else "Not answered yet", step.key)
        for step in steps.steps_for(enrolment)
        for label, value in _LINES[step.key](enrolment)
    ]
