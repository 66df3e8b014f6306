"""What the team keeps of its lists: a few saved views, and a cohort from before this software."""

import datetime as dt

from accounts import clock
from accounts.models import User
from cohorts.models import Format
from staff.demonstration.names import EMPLOYERS, People
from staff.lists.saved import save_view
from staff.past import loading
from staff.past.loading import Details
from staff.past.reading import PastRow

# (list, query, name, shared)
VIEWS = [
    ("organisations.interest", "state__exact=new", "Not answered", True),
    ("organisations.interest", "assigned_to__isnull=True", "In the queue", True),
    ("participants.nomination", "state__exact=invited", "Waiting for an answer", True),
    ("organisations.organisation", "has_package__exact=1&is_member__exact=1", "Members with a package", False),
]


def save_views(by: User) -> None:
    for of_list, query, name, shared in VIEWS:
        save_view(of_list=of_list, query=query, name=name, shared=shared, opens=False, by=by)


def load_past_cohort(people: People, by: User) -> None:
    """Three people by name, and two organisations of which only numbers are known. They are in the baseline."""
    closed = clock.today() - dt.timedelta(days=600)
    details = Details(
        format=Format.objects.get(key="circles"), number=12, name="Cohort 12", launch=closed - dt.timedelta(days=200),
        closed=closed, sessions=6, in_baseline=True,
    )  # fmt: skip
    rows = [_person(number, people, role) for number, role in enumerate(["mentor", "mentee", "mentee"], start=2)]
    numbers = [PastRow(number, EMPLOYERS[number].name, mentees=4, mentors=1) for number in (7, 8)]
    loading.load(details=details, rows=[*rows, *numbers], by=by)


def _person(number: int, people: People, role: str) -> PastRow:
    employer = EMPLOYERS[number]
    first, last, email = people.next(employer.domain)
    return PastRow(number, employer.name, first, last, email.lower(), role, sessions=number)
