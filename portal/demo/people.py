"""The people of the demonstration whom one may be, by what they can try."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q

from accounts.models import User
from circles.models import Membership
from cohorts.models import StaffAssignment
from organisations.models import Coordinator
from participants.models import Enrolment, EnrolmentState

SHOWN = 5  # of each kind; anybody else is found by name
ROLES = [
    ("mentor", "Mentors", "See your circle, move a session, record who came, answer the survey."),
    ("mentee", "Mentees", "See your circle, say whether you will come, add to the agenda, see your own progress."),
    ("partner", "Partners in reciprocal mentoring", "The same pages for a pair, in a pair’s own words."),
]


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as, and what they are."""

    user: User
    detail: str


@dataclass(frozen=True)
class Group:
    """People who can try the same things."""

    title: str
    can_try: str
    people: list[Person]


def groups() -> list[Group]:
    """Everybody worth being, the programme team first. Kinds that nobody is of yet are left out."""
    everyone = [
        Group("Programme team", "Run cohorts, answer organisations, form circles, see the impact.", _team()),
        Group("Coordinators", "Put colleagues forward and see how far they are.", _coordinators()),
        *(Group(title, can_try, _participants(role)) for role, title, can_try in ROLES),
    ]
    return [group for group in everyone if group.people]


def find(words: str) -> list[Person]:
    """People whose name or address holds every one of the words."""
    wanted = Q()
    for word in words.split():
        wanted &= Q(sort_name__icontains=word) | Q(email__icontains=word)
    return [Person(user, user.email) for user in User.objects.filter(wanted, is_active=True)[:20]]


def _team() -> list[Person]:
    roles = Prefetch("staff_assignments", queryset=StaffAssignment.objects.select_related("cohort"))
    team = User.objects.filter(is_staff=True, is_active=True).prefetch_related(roles)
    return [Person(user, _roles(user)) for user in team]


def _roles(user: User) -> str:
    said = [f"{one.get_role_display()}, {one.cohort or 'every cohort'}" for one in user.staff_assignments.all()]
    return "; ".join(said) or "Everything"


def _coordinators() -> list[Person]:
    rows = Coordinator.objects.filter(ended_at__isnull=True, user__is_active=True)
    rows = rows.select_related("user", "organisation").order_by("-organisation__participations__cohort__launch_from")
    return _first({row.user_id: Person(row.user, str(row.organisation)) for row in rows[: SHOWN * 5]})


def _participants(role: str) -> list[Person]:
    """Three who sit in a circle, one who waits for one, and one whose cohort has closed."""
    rows = Enrolment.objects.filter(role=role, user__is_active=True).exclude(state=EnrolmentState.WITHDRAWN)
    rows = rows.select_related("user", "cohort", "organisation").order_by(
        "-cohort__format__capacity", "user__sort_name"
    )
    current, seated = rows.filter(cohort__closed_at=None), Membership.objects.current().values("enrolment")
    placed, waiting = current.filter(pk__in=seated)[:3], current.exclude(pk__in=seated)[:1]
    chosen = [*placed, *waiting, *rows.filter(cohort__closed_at__isnull=False)[:1]]
    return _first({row.user_id: Person(row.user, f"{row.cohort}, {row.organisation}") for row in chosen})


def _first(people: dict[object, Person]) -> list[Person]:
    return list(people.values())[:SHOWN]
