"""What this app holds about a person beside their part in a cohort."""

from accounts.models import User
from participants.models import AskedAgain, EmployerChange
from privacy import registry
from privacy.registry import Entry, Holding


def export_employers(user: User) -> list[Entry]:
    rows = EmployerChange.objects.filter(enrolment__user=user).select_related("before", "after")
    return [{"From": str(one.before), "To": str(one.after), "Noted on": one.created_at} for one in rows]


def export_asked_again(user: User) -> list[Entry]:
    rows = AskedAgain.objects.filter(enrolment__user=user).select_related("cohort")
    return [
        {"Asked about": str(one.cohort), "When": one.created_at, "You said": one.get_answer_display()} for one in rows
    ]


def erase_asked_again(user: User) -> int:
    return AskedAgain.objects.filter(enrolment__user=user).delete()[0]


def register() -> None:
    registry.register(
        Holding(
            key="employers",
            title="Changes of employer during a cohort",
            export=export_employers,
            kept_because="It says whose place was used, as your part in the cohort does.",
            position=60,
        )
    )
    registry.register(
        Holding(
            key="asked_again",
            title="Whether you would take part again",
            export=export_asked_again,
            erase=erase_asked_again,
            position=20,
        )
    )
