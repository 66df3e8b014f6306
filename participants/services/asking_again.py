"""Asking people of earlier cohorts whether they want to take part in the next one, and what comes of a yes.

A yes signs nobody up: it is put before the coordinators of the person's organisation as an application is, and they
confirm it while they have a place, or put it on their reserve list. Where the organisation is not in the cohort yet,
the yes waits until it is.
"""

from collections.abc import Iterable

from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from organisations.models import Participation
from outbox.services import Letter, queue_all
from participants import emails, selectors
from participants.life_emails import ASKED_AGAIN
from participants.models import AskedAgain, Enrolment, Nomination, NominationState
from participants.services import places
from participants.services.errors import RefusedError
from privacy.services import record, record_each

Answer = AskedAgain.Answer
CLOSED = "The last day to answer has passed."


@transaction.atomic
def ask_again(*, cohort: Cohort, enrolments: Iterable[Enrolment], by: User) -> int:
    """Write to each of these people once; returns to how many. Raises RefusedError once nobody can join any more."""
    if not places.is_open(cohort):
        raise RefusedError(f"{cohort} takes in nobody any more.")
    new = [
        AskedAgain(enrolment=one, cohort=cohort, role=one.role, asked_by=by)
        for one in enrolments
        if not cohort.asked_again.filter(enrolment__user=one.user_id).exists()
    ]
    AskedAgain.objects.bulk_create(new, ignore_conflicts=True)
    stored = {one.pk for one in AskedAgain.objects.filter(pk__in=[one.pk for one in new])}
    asked = [one for one in new if one.pk in stored]
    queue_all(Letter(ASKED_AGAIN, one, one.enrolment.user) for one in asked)
    record_each(by=by, verb="enrolment.asked_again", about=[(one.enrolment, {"for": str(cohort.pk)}) for one in asked])
    return len(asked)


@transaction.atomic
def answer_again(*, asked: AskedAgain, answer: str) -> AskedAgain:
    """Take a yes or no; it may be changed until the organisation has confirmed it, or the last day has passed.

    Raises RefusedError with words for the person. The same answer again changes nothing.
    """
    rows = AskedAgain.objects.select_for_update(of=("self",)).select_related("cohort", "enrolment__user", "nomination")
    asked = rows.get(pk=asked.pk)
    if not places.is_open(asked.cohort):
        raise RefusedError(CLOSED)
    if asked.answer == answer:
        return asked
    if asked.nomination:
        _take_back(asked)
    asked.answer, asked.answered_at = Answer(answer), clock.now()
    asked.save()
    record(by=asked.enrolment.user, verb="enrolment.answered_again", about=asked.enrolment, answer=answer)
    if answer == Answer.YES:
        put_forward(asked)
    return asked


def _take_back(asked: AskedAgain) -> None:
    """Who says no after all takes their yes from the coordinators' list, as long as nothing has come of it."""
    nomination = places.lock_nomination(asked.nomination)
    if nomination.state in {NominationState.INVITED, NominationState.ACCEPTED}:
        raise RefusedError("Your organisation has confirmed you by now. Please answer the invitation that we sent you.")
    if nomination.state in {NominationState.APPLIED, NominationState.RESERVE}:
        places.release(nomination, NominationState.WITHDRAWN)
        record(by=asked.enrolment.user, verb="application.taken_back", about=nomination, role=nomination.role)
    asked.nomination = None


def put_forward(asked: AskedAgain) -> Nomination | None:
    """Make an application of a yes; None while the organisation is not in, or where somebody has put them forward.

    The caller is in a transaction.
    """
    person, cohort = asked.enrolment.user, asked.cohort
    part = Participation.objects.filter(
        organisation=asked.enrolment.organisation_id, cohort=cohort, withdrawn_at=None
    ).first()
    if part is None or not places.is_open(cohort):
        return None
    part = places.lock(part)
    if selectors.is_taken(cohort, person.email):
        return None
    nomination = Nomination.objects.create(
        participation=part, cohort=cohort, role=asked.role, first_name=person.first_name, last_name=person.last_name,
        email=person.email, origin=Nomination.Origin.APPLIED, state=NominationState.APPLIED,
    )  # fmt: skip
    asked.nomination = nomination
    asked.save(update_fields=["nomination"])
    record(by=person, verb="application.made", about=nomination, role=nomination.role)
    emails.acknowledge_application(nomination)
    return nomination


def put_forward_waiting() -> int:
    """Each yes whose organisation has come in since; returns how many. Doing it twice adds nothing."""
    rows = AskedAgain.objects.filter(
        answer=Answer.YES, nomination=None, cohort__closed_at=None, cohort__recruitment_until__gte=clock.today()
    )
    return sum(_put_forward_one(asked.pk) for asked in rows)


@transaction.atomic
def _put_forward_one(pk: object) -> bool:
    rows = AskedAgain.objects.select_for_update(of=("self",)).select_related("cohort", "enrolment__user")
    asked = rows.filter(pk=pk, answer=Answer.YES, nomination=None).first()
    return asked is not None and put_forward(asked) is not None
