"""How many organisations and people a cohort has at each stage, from the first enquiry to the end."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from circles.models import Attendance, Membership
from cohorts.models import Cohort
from participants.models import EnrolmentState


@dataclass(frozen=True)
class Stage:
    """One figure, in what it counts, with the list behind it; `url` is blank for somebody who may not see that."""

    label: str
    count: int
    hint: str
    url: str


def stages(cohort: Cohort, viewer: User) -> list[Stage]:
    """The stages in their order. A stage counts everybody who got that far, whatever came after."""
    return [
        Stage("interested", _interested(cohort), "organisations", _list(viewer, cohort, "organisations", "interest")),
        Stage(
            "confirmed", _confirmed(cohort), "organisations", _list(viewer, cohort, "organisations", "participation")
        ),
        Stage("nominated", cohort.nominations.count(), "people", _list(viewer, cohort, "participants", "nomination")),
        Stage("enrolled", _enrolled(cohort), "people", _list(viewer, cohort, "participants", "enrolment")),
        Stage("placed", _placed(cohort), "people in a circle", _list(viewer, cohort, "circles", "circle")),
        Stage("attending", _attending(cohort), "people who came", _list(viewer, cohort, "circles", "circle")),
        Stage(
            "completed", _completed(cohort), "people", _list(viewer, cohort, "participants", "enrolment", "completed")
        ),
    ]


def _interested(cohort: Cohort) -> int:
    return cohort.interests.values("organisation").distinct().count()


def _confirmed(cohort: Cohort) -> int:
    return cohort.participations.filter(withdrawn_at__isnull=True).count()


def _enrolled(cohort: Cohort) -> int:
    return cohort.enrolments.filter(state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED]).count()


def _placed(cohort: Cohort) -> int:
    return Membership.objects.current().filter(circle__cohort=cohort).count()


def _attending(cohort: Cohort) -> int:
    came = Attendance.objects.filter(session__circle__cohort=cohort, attended=True)
    return came.values("enrolment").distinct().count()


def _completed(cohort: Cohort) -> int:
    return cohort.enrolments.filter(state=EnrolmentState.COMPLETED).count()


def _list(viewer: User, cohort: Cohort, app: str, model: str, state: str = "") -> str:
    """The admin's list of these rows in this cohort."""
    if not viewer.has_perm(f"{app}.view_{model}", cohort):
        return ""
    where = {"cohort__id__exact": str(cohort.pk)} | ({"state__exact": state} if state else {})
    return f"{reverse(f'admin:{app}_{model}_changelist')}?{urlencode(where)}"
