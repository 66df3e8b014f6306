"""How a nomination is doing, in words for its coordinator: never why somebody said no."""

from typing import NamedTuple

from participants.models import EnrolmentState, Nomination, NominationState


class Status(NamedTuple):
    text: str
    tone: str


_BY_STATE = {
    NominationState.APPLIED: Status("Applied: waiting for you", "attention"),
    NominationState.RESERVE: Status("On your reserve list", "neutral"),
    NominationState.INVITED: Status("Invited, not yet answered", "info"),
    NominationState.ACCEPTED: Status("Accepted, enrolling", "info"),
    NominationState.DECLINED: Status("Will not take part", "neutral"),
    NominationState.EXPIRED: Status("Did not answer in time", "neutral"),
    NominationState.WITHDRAWN: Status("Nomination withdrawn", "neutral"),
}
_BY_ENROLMENT = {
    EnrolmentState.STARTED: _BY_STATE[NominationState.ACCEPTED],
    EnrolmentState.ENROLLED: Status("Enrolled", "good"),
    EnrolmentState.COMPLETED: Status("Completed", "good"),
    EnrolmentState.WITHDRAWN: _BY_STATE[NominationState.DECLINED],
}


def status_of(nomination: Nomination) -> Status:
    """The nomination's status; needs its enrolment loaded beside it."""
    enrolment = getattr(nomination, "enrolment", None)
    if enrolment is not None:
        return _BY_ENROLMENT[enrolment.state]
    return _BY_STATE[nomination.state]
