"""About whom a member of the team may keep contacts and tasks.

Both are free text about people, so that they are for those who answer for these people: a role that only reads sees
neither, and nobody sees what is about themselves.
"""

from django.db.models import QuerySet

from accounts.models import User
from cohorts.models import Cohort
from cohorts.permissions import cohorts_where
from organisations.models import Organisation
from participants.models import Enrolment

CONTACTS = "staff.keep_contacts"
TASKS = "staff.change_task"
PEOPLE = "participants.change_enrolment"


def organisations_of(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.for_staff(user)


def people_of(user: User) -> QuerySet[User]:
    """Everybody, for those who look after accounts; else the participants of the cohorts that one looks after."""
    others = User.objects.exclude(pk=user.pk)
    return others if user.has_perm("accounts.change_user") else others.filter(pk__in=enrolments_of(user).values("user"))


def enrolments_of(user: User) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(cohort__in=cohorts_where(user, PEOPLE)).exclude(user=user)


def cohorts_of(user: User) -> QuerySet[Cohort]:
    return cohorts_where(user, TASKS)
