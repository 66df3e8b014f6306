"""What this app holds about a person beside their part in a cohort, and from before they had an account."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from participants.models import LIVE, AskedAgain, EmployerChange, EmployerRequest, Enrolment, LeaveRequest, Nomination
from participants.services.invitations import erase_nomination
from privacy import registry
from privacy.registry import Entry, Holding
from privacy.selectors import looks


def nominations_of(user: User) -> QuerySet[Nomination]:
    """Those that name the person, by their enrolment or by the address that they have."""
    theirs = Q(enrolment__user=user) | Q(email__iexact=user.email)
    return Nomination.objects.filter(theirs, erased_at=None)


def export_nominations(user: User) -> list[Entry]:
    rows = nominations_of(user).select_related("cohort", "participation__organisation", "nominated_by")
    return [
        {
            "Cohort": str(one.cohort),
            "By": str(one.nominated_by or one.participation.organisation),
            "On": one.created_at,
            "Name": one.full_name,
            "E-mail address": one.email,
            "Why": one.reason,
            "State": one.get_state_display(),
            "Why you said no": one.get_decline_reason_display() if one.decline_reason else "",
        }
        for one in rows.order_by("created_at")
    ]


def erase_nominations(user: User) -> int:
    keys = list(nominations_of(user).values_list("pk", flat=True))
    gone = sum(erase_nomination(one) for one in Nomination.objects.filter(pk__in=keys))
    Nomination.objects.filter(pk__in=keys).update(decline_reason="")
    return gone


def export_employers(user: User) -> list[Entry]:
    rows = EmployerChange.objects.filter(enrolment__user=user).select_related("before", "after")
    return [{"From": str(one.before), "To": str(one.after), "Noted on": one.created_at} for one in rows]


def export_employer_requests(user: User) -> list[Entry]:
    rows = EmployerRequest.objects.filter(enrolment__user=user).select_related("enrolment__cohort")
    return [
        {
            "Cohort": str(one.enrolment.cohort),
            "You told us on": one.created_at,
            "Employer": one.organisation,
            "From": one.since,
            "Answer": one.get_outcome_display() if one.outcome else "Not answered yet",
            "Answered on": one.answered_at,
            "Why not": one.why_refused,
        }
        for one in rows
    ]


def erase_employer_requests(user: User) -> int:
    return EmployerRequest.objects.filter(enrolment__user=user).delete()[0]


def export_leave_requests(user: User) -> list[Entry]:
    rows = LeaveRequest.objects.filter(enrolment__user=user).select_related("enrolment__cohort")
    return [
        {
            "Cohort": str(one.enrolment.cohort),
            "You asked on": one.created_at,
            "What you said": one.reason,
            "Done on": one.answered_at,
        }
        for one in rows
    ]


def erase_leave_requests(user: User) -> int:
    return LeaveRequest.objects.filter(enrolment__user=user).delete()[0]


def export_asked_again(user: User) -> list[Entry]:
    rows = AskedAgain.objects.filter(enrolment__user=user).select_related("cohort")
    return [
        {"Asked about": str(one.cohort), "When": one.created_at, "You said": one.get_answer_display()} for one in rows
    ]


def erase_asked_again(user: User) -> int:
    return AskedAgain.objects.filter(enrolment__user=user).delete()[0]


def export_looks(user: User) -> list[Entry]:
    return looks("enrolment.access_needs_seen", user.enrolments.values_list("pk", flat=True))


def taking_part(since: dt.datetime) -> QuerySet[Enrolment]:
    """Whoever has a part in a cohort that runs, or closed after that."""
    lately = Q(cohort__closed_at=None) | Q(cohort__closed_at__gt=since)
    return Enrolment.objects.filter(lately).values("user")


def put_forward(since: dt.datetime) -> QuerySet[User]:
    """Whoever is put forward for a cohort to come, or is asked whether they would be."""
    waiting = Nomination.objects.filter(state__in=LIVE, erased_at=None, cohort__closed_at=None)
    asked = AskedAgain.objects.filter(cohort__closed_at=None).values("enrolment__user")
    return User.objects.filter(Q(email__in=waiting.values_list(Lower("email"))) | Q(pk__in=asked)).values("pk")


HOLDINGS = [
    Holding(
        key="access_needs_read",
        title="Who of the team read your access needs",
        export=export_looks,
        kept_because=registry.LOOKS_KEPT,
        position=70,
    ),
    Holding(
        key="nominations",
        title="That you were put forward",
        export=export_nominations,
        erase=erase_nominations,
        position=20,
        apart=True,
        of_them="Nominations",
    ),
    Holding(
        key="employers",
        title="Changes of employer during a cohort",
        export=export_employers,
        kept_because="It says whose place was used, as your part in the cohort does.",
        position=60,
    ),
    Holding(
        key="employer_requests",
        title="Other employers that you told us of",
        export=export_employer_requests,
        erase=erase_employer_requests,
        position=20,
    ),
    Holding(
        key="leave_requests",
        title="That you asked to leave",
        export=export_leave_requests,
        erase=erase_leave_requests,
        position=20,
    ),
    Holding(
        key="asked_again",
        title="Whether you would take part again",
        export=export_asked_again,
        erase=erase_asked_again,
        position=20,
    ),
]


def register() -> None:
    registry.need("enrolments", taking_part)
    registry.need("nominations", put_forward)
    for holding in HOLDINGS:
        registry.register(holding)
