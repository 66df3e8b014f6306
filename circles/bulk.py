"""What the programme team does to several sessions, polls or concerns at once."""

from typing import Any

from accounts.models import User
from circles.models import Concern, Poll, Session
from circles.selectors.polls import best_date
from circles.services import confidence, polls, sessions
from circles.services.sessions import SessionError
from ui.bulk import Act
from ui.dates import uk_date, uk_datetime

CONCERNS = ("concern", "concerns")


def _session(session: Session) -> str:
    return f"{session.circle}, {session.circle.cohort}: {str(session).lower()}, {uk_datetime(session.starts_at)}"


def _over(rows: list[Session], by: User) -> dict[Any, str]:
    cancelled = {row.pk: "It is cancelled already." for row in rows if row.state == Session.State.CANCELLED}
    return {row.pk: "It is over." for row in rows if row.is_past} | cancelled


def _poll(poll: Poll) -> str:
    return f"{poll.circle}, {poll.circle.cohort}: {uk_datetime(best_date(poll).starts_at)}"


def _decided(rows: list[Poll], by: User) -> dict[Any, str]:
    return {row.pk: "It has been decided." for row in rows if row.decided_at}


def _concern(concern: Concern) -> str:
    return f"{concern.enrolment.user}, {concern.cohort}: {uk_date(concern.created_at)}"


def _taken_up(rows: list[Concern], by: User) -> dict[Any, str]:
    return {row.pk: "It is taken up already." for row in rows if row.acknowledged_at}


def _not_to_close(rows: list[Concern], by: User) -> dict[Any, str]:
    silent = {row.pk: "Open it and say what came of it first." for row in rows if not row.outcome}
    return silent | {row.pk: "It is closed already." for row in rows if row.closed_at}


CANCEL = Act(
    ask="Cancel {rows}?", button="Cancel them, and tell everybody",
    done="{rows} cancelled. Everybody in them is being told.", words=("session", "sessions"),
    do=lambda row, by: sessions.cancel_session(session=row, by=by),
    left_out=_over, called=_session, refusals=(SessionError,), danger=True,
    follows=lambda rows, by: [
        "Everybody in these circles is told by e-mail, and it is taken out of their calendars.",
        "A cancelled session can’t be brought back. To choose another day, move it instead.",
    ],
)  # fmt: skip
CHOOSE = Act(
    ask="Choose the date that suits most for {rows}?", button="Choose, and invite everybody",
    done="{rows} decided. Everybody in them is being invited.", words=("circle", "circles"),
    do=lambda row, by: polls.choose_date(date=best_date(row), by=by),
    left_out=_decided, called=_poll, refusals=(SessionError,),
    follows=lambda rows, by: ["The session is put on the date below, and everybody in the circle gets the invitation."],
)  # fmt: skip
TAKE_UP = Act(
    ask="Take up {rows}?", button="Take up, and tell them so", done="{rows} taken up. Who told us is written to.",
    words=CONCERNS,
    do=lambda row, by: confidence.take_up(concern=row, by=by),
    left_out=_taken_up, called=_concern,
    follows=lambda rows, by: ["You are the one who looks into them.", "Who told us gets an e-mail that says so."],
)  # fmt: skip
CLOSE = Act(
    ask="Close {rows}?", button="Close them", done="{rows} closed.", words=CONCERNS,
    do=lambda row, by: confidence.close(concern=row, by=by),
    left_out=_not_to_close, called=_concern, refusals=(confidence.NoOutcomeError,),
    follows=lambda rows, by: ["Who told us is not written to, unless nobody had taken it up: then they hear that."],
)  # fmt: skip
