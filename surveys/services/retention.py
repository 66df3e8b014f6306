"""What of surveys comes to its end by the calendar: whose answers they are, the ledger, and quotes past their day."""

import datetime as dt

from django.db import transaction

from accounts import clock
from cohorts.models import Cohort
from privacy.services import record, record_each
from surveys.models import (
    Answer,
    GoalRating,
    IntruderTest,
    LedgerEntry,
    ParticipantKey,
    QuestionAnswer,
    Response,
    Survey,
    TeamNote,
    Testimonial,
    participant_key,
)
from surveys.selectors.comments import WRITTEN
from surveys.selectors.groups import consenting_keys
from surveys.selectors.ledger import closed_long_ago
from surveys.selectors.link import past_their_link

SIX_YEARS = dt.timedelta(days=2192)
NOBODY = "Erased"


def unlink_answers() -> int:
    """Half a year after its cohort closed, take away for good whose answers are whose; how many links went."""
    linked = ParticipantKey.objects.values("enrolment__cohort")
    return sum(_unlink(cohort) for cohort in past_their_link().filter(pk__in=linked))


@transaction.atomic
def _unlink(cohort: Cohort) -> int:
    """Leave of a cohort only what its figures were made of, and in it nothing by which somebody could be found again.

    Answers of those who had not agreed to their use go, and with them what only their writer was to read, and words.
    What is said of one session no longer stands beside what the same person said of another: who came to which is
    known. Times become that of the close.
    """
    links = ParticipantKey.objects.select_for_update().filter(enrolment__cohort=cohort)
    keys, willing = list(links.values_list("key", flat=True)), consenting_keys(cohort)
    responses = Response.objects.filter(survey__cohort=cohort)
    responses.exclude(participant_key__in=willing, submitted_at__isnull=False, late=False).delete()
    QuestionAnswer.objects.filter(response__in=responses, question__kind__in=WRITTEN).delete()
    GoalRating.objects.filter(participant_key__in=keys).delete()
    TeamNote.objects.filter(participant_key__in=keys).delete()
    of_sessions = list(responses.filter(survey__wave=Survey.Wave.CHECK_IN))
    for response in of_sessions:
        response.participant_key = participant_key()
    Response.objects.bulk_update(of_sessions, ["participant_key"], batch_size=500)
    for rows in (Answer.objects.filter(response__in=responses), QuestionAnswer.objects.filter(response__in=responses)):
        rows.update(created_at=cohort.closed_at)
    responses.update(submitted_at=cohort.closed_at, created_at=cohort.closed_at)
    links.delete()
    record(by=None, verb="answers.unlinked", about=cohort, links=len(keys))
    return len(keys)


@transaction.atomic
def forget_old_ledgers() -> int:
    """Two years after its cohort closed, forget about whom figures were released; how many lines went.

    From then on the cohort's figures are final: without the ledger nothing new about it could be weighed.
    """
    return LedgerEntry.objects.filter(cohort__in=closed_long_ago()).delete()[0]


@transaction.atomic
def expire_testimonials() -> int:
    """Say of quotes that are past their day that they are, each with a line in the audit trail; how many."""
    over = list(Testimonial.objects.past_their_day().select_for_update())
    Testimonial.objects.filter(pk__in=[one.pk for one in over]).update(state=Testimonial.State.EXPIRED)
    record_each(
        by=None,
        verb="testimonial.expired",
        about=[(one, {"expired_on": one.expires_on.isoformat()}) for one in over if one.expires_on],
    )
    return len(over)


def forget_testers() -> int:
    """Six years after a motivated-intruder test, forget who tried; the record stays. Returns how many."""
    old = IntruderTest.objects.filter(done_on__lte=clock.today() - SIX_YEARS).exclude(tried_by=NOBODY)
    return old.update(tried_by=NOBODY, recorded_by=None)
