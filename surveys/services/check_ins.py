"""Answering after a session and half-way through a pair, and what the team does with a note."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Session
from participants.models import Enrolment
from privacy.services import record
from surveys.models import Answer, Response, TeamNote
from surveys.selectors.check_ins import check_in_page, is_check_in_open, is_mid_point, was_there
from surveys.services.answering import AlreadySubmittedError, NotOpenError, Values, begin, refuse_foreign


@transaction.atomic
def answer_check_in(
    *, session: Session, enrolment: Enrolment, values: Values, note: str = "", named: bool = False
) -> Response:
    """Keep what somebody says of a session, once; and, apart from it, their note to the team, with their name or not.

    Raises NotOpenError when the two weeks are over or the person was not there, AlreadySubmittedError for a second
    answer and ValidationError for an answer that the question does not have.
    """
    part = check_in_page(session.circle.cohort)
    if part is None or not is_check_in_open(session) or not was_there(session, enrolment):
        raise NotOpenError("This session can’t be answered about any more.")
    refuse_foreign(part, values)
    response = begin(part.survey, enrolment, occasion=session.number)
    if response.submitted_at is not None:
        raise AlreadySubmittedError("You have answered about this session already.")
    Answer.objects.bulk_create(Answer(response=response, item_id=key, value=value) for key, value in values.items())
    response.submitted_at = clock.now()
    response.save(update_fields=["submitted_at"])
    if note:
        _tell(enrolment, response, note, named)
    return response


def _tell(enrolment: Enrolment, response: Response, text: str, named: bool) -> None:
    """A note with a name leaves a line in the audit trail, as the proof that its writer chose to give it."""
    whose = {"enrolment": enrolment} if named else {"participant_key": response.participant_key}
    note = TeamNote.objects.create(
        cohort_id=enrolment.cohort_id, origin=TeamNote.Origin.CHECK_IN, text=text, asks_for_help=named, **whose
    )
    if named:
        record(by=enrolment.user, verb="note.sent", about=note, agreed_that_the_team_reads_it=True)


@transaction.atomic
def send_mid_point(*, enrolment: Enrolment, shared: str, text: str, asks_for_help: bool, agreed: bool) -> TeamNote:
    """Tell the team how a pair is going, with the writer's name and their express consent.

    Raises ValidationError without that consent or when they have answered, NotOpenError outside the second half.
    """
    if not agreed:
        raise ValidationError("Without your agreement nothing is sent to the team.")
    note = _mid_point(enrolment, shared=shared, text=text, asks_for_help=asks_for_help)
    record(by=enrolment.user, verb="note.sent", about=note, agreed_that_the_team_reads_it=True)
    return note


@transaction.atomic
def ask_for_help(*, enrolment: Enrolment, text: str, agreed: bool) -> TeamNote:
    """Ask the team to get in touch, as who leads a circle. Raises ValidationError without the writer's consent."""
    if not agreed:
        raise ValidationError("Without your agreement nothing is sent to the team.")
    note = TeamNote.objects.create(
        cohort_id=enrolment.cohort_id, enrolment=enrolment, origin=TeamNote.Origin.HELP, text=text, asks_for_help=True
    )
    record(by=enrolment.user, verb="note.sent", about=note, agreed_that_the_team_reads_it=True)
    return note


@transaction.atomic
def decline_mid_point(*, enrolment: Enrolment) -> TeamNote:
    """Keep that somebody has nothing to tell, so that they are not asked again. The team is told nothing."""
    return _mid_point(enrolment, settled_at=clock.now())


def _mid_point(enrolment: Enrolment, **values: object) -> TeamNote:
    locked = Enrolment.objects.select_for_update().select_related(None).get(pk=enrolment.pk)
    if not is_mid_point(enrolment):
        raise NotOpenError("This can’t be answered at the moment.")
    if locked.team_notes.filter(origin=TeamNote.Origin.MID_POINT).exists():
        raise AlreadySubmittedError("You have answered this already.")
    return TeamNote.objects.create(
        cohort_id=locked.cohort_id, enrolment=locked, origin=TeamNote.Origin.MID_POINT, **values
    )


@transaction.atomic
def settle_note(*, note: TeamNote, by: User) -> None:
    """Say that the team has dealt with a note; saying it again changes nothing."""
    locked = TeamNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.settled_at is not None:
        return
    locked.settled_at, locked.settled_by = clock.now(), by
    locked.save(update_fields=["settled_at", "settled_by"])
    record(by=by, verb="note.settled", about=locked)
