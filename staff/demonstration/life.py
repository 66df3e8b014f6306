"""What happens to people on the way: leaving, another employer, two accounts, and who comes again."""

import datetime as dt

from accounts import clock
from accounts.models import User
from circles.selectors.coming_again import candidates
from circles.services import membership
from circles.services.own_leaving import leave_programme
from cohorts.models import Cohort, Side
from organisations.models import Organisation
from participants.models import Enrolment, EnrolmentState
from participants.services import answer_again, ask_again, ask_employer_change, change_employer, keep_access_needs
from staff.demonstration import takeover

JUST_NOW = dt.timedelta(hours=2)
ANSWERS = ["yes", "yes", "no", ""]


def show(running: Cohort, recruiting: Cohort, now: dt.datetime, by: User) -> None:
    """A few rows of each, through the services; nobody is invented for it but a second account."""
    running.refresh_from_db()  # it was published since
    clock.move_to(now - dt.timedelta(days=3))
    _ask_again(recruiting, by)
    _another_employer(recruiting, by)
    _tells_of_employer(recruiting)
    _second_account(running)
    _wants_to_leave(running)
    takeover.take_over(running, by)
    clock.move_to(now - JUST_NOW)
    seated = running.enrolments.filter(side=Side.MEMBER, memberships__left_at=None, memberships__isnull=False)
    membership.withdraw(enrolment=seated.order_by("user__sort_name").first(), by=by, note="Withdrawn by mistake.")
    takeover.move_somebody(running, by)
    clock.move_to(now)


def _ask_again(cohort: Cohort, by: User) -> None:
    """As far as there are people to ask: some have said yes or no, one has not answered."""
    people = [one.enrolment for one in candidates(cohort) if not one.why_not]
    ask_again(cohort=cohort, enrolments=people[: len(ANSWERS)], by=by)
    for asked, answer in zip(cohort.asked_again.all(), ANSWERS, strict=False):
        if answer:
            answer_again(asked=asked, answer=answer)


def _another_employer(cohort: Cohort, by: User) -> None:
    one = cohort.enrolments.filter(state=EnrolmentState.ENROLLED, side=Side.MEMBER).order_by("user__sort_name").last()
    to = Organisation.objects.filter(participations__cohort=cohort).exclude(pk=one.organisation_id).first()
    change_employer(enrolment=one, organisation=to, by=by)


def _tells_of_employer(cohort: Cohort) -> None:
    """Somebody says that they work for another organisation of the cohort, and waits for an answer."""
    one = cohort.enrolments.filter(state=EnrolmentState.ENROLLED, side=Side.MEMBER).order_by("user__sort_name").first()
    to = Organisation.objects.filter(participations__cohort=cohort).exclude(pk=one.organisation_id).last()
    ask_employer_change(user=one.user, organisation=to.name)


def _second_account(cohort: Cohort) -> None:
    """The same person under an address of another spelling."""
    one: Enrolment = cohort.enrolments.select_related("user").order_by("user__sort_name").last()
    local, _, domain = one.user.email.partition("@")
    User.objects.create_user(f"{local}+2@{domain}", first_name=one.user.first_name, last_name=one.user.last_name)


def _wants_to_leave(cohort: Cohort) -> None:
    """Somebody who leads a circle waits for the team; and somebody else says what they need from now on."""
    seated = cohort.enrolments.filter(memberships__left_at=None, memberships__isnull=False).order_by("user__sort_name")
    leave_programme(enrolment=seated.filter(side=Side.LEAD).last(), reason="I start a job abroad in spring.")
    keep_access_needs(enrolment=seated.filter(side=Side.MEMBER).last(), access_needs="Slides a day ahead, please.")
