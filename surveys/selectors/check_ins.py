"""The two questions after a session, and the question half-way through a pair: who is asked, and until when."""

import datetime as dt
from dataclasses import dataclass

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Session
from circles.selectors.sessions import sessions_open_to
from cohorts.models import Cohort
from participants.models import Enrolment
from surveys.models import Response, Survey, SurveyPart, TeamNote
from surveys.selectors.due import has_taken_part
from surveys.selectors.link import links_of
from surveys.selectors.windows import Span, session_span

# After a session it can be answered for so long; by then nobody remembers it well.
OPEN_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class DueCheckIn:
    """A session of which somebody has not said how useful it was."""

    session: Session
    enrolment: Enrolment


def is_check_in_open(session: Session) -> bool:
    """From the end of a session that was held, for two weeks, while its cohort runs."""
    held = session.state == Session.State.PLANNED and session.circle.cohort.closed_at is None
    return held and session.ends_at <= clock.now() < session.ends_at + OPEN_FOR


def check_in_page(cohort: Cohort) -> SurveyPart | None:
    """The question about a session, with its answers; None for a cohort that is not asked."""
    parts = SurveyPart.objects.filter(survey__cohort=cohort, survey__wave=Survey.Wave.CHECK_IN)
    return parts.select_related("survey", "instrument").prefetch_related("instrument__items").first()


def was_there(session: Session, enrolment: Enrolment) -> bool:
    """Whether somebody sat in the circle when it met, and nobody has said that they stayed away."""
    stayed_away = Attendance.objects.filter(session=session, enrolment=enrolment, attended=False)
    return sessions_open_to(enrolment).filter(pk=session.pk).exists() and not stayed_away.exists()


def checked_in(enrolment: Enrolment) -> set[int]:
    """The numbers of the sessions about which somebody has answered."""
    keys = list(links_of([enrolment.pk]))
    mine = Response.objects.filter(participant_key__in=keys, survey__wave=Survey.Wave.CHECK_IN)
    return set(mine.values_list("occasion", flat=True))


def due_check_ins(user: User) -> list[DueCheckIn]:
    """What a person can still be asked about today, the latest session first."""
    found = []
    for enrolment in user.enrolments.active().filter(cohort__closed_at__isnull=True).select_related("cohort"):
        recent = sessions_open_to(enrolment).filter(starts_at__gt=clock.now() - OPEN_FOR - dt.timedelta(days=1))
        away = Attendance.objects.filter(enrolment=enrolment, attended=False)
        sessions = recent.exclude(attendances__in=away).select_related("circle__cohort").order_by("-starts_at")
        found += check_ins_among(enrolment, list(sessions))
    return found


def check_ins_among(enrolment: Enrolment, sessions: list[Session]) -> list[DueCheckIn]:
    """Of which of these sessions somebody can be asked today; they sat in each, and nobody says they stayed away."""
    waiting = [session for session in sessions if is_check_in_open(session)]
    if not waiting or not Survey.objects.filter(cohort=enrolment.cohort_id, wave=Survey.Wave.CHECK_IN).exists():
        return []
    answered = checked_in(enrolment)
    return [DueCheckIn(session, enrolment) for session in waiting if session.number not in answered]


# --- half-way through a pair ------------------------------------------------------------------
def half_time(span: Span) -> dt.datetime:
    """The middle of the time from the first session to the end of the last."""
    return span.first_starts + (span.last_ends - span.first_starts) / 2


def is_mid_point(enrolment: Enrolment) -> bool:
    """Whether somebody in a pair is in the second half of their sessions."""
    cohort = enrolment.cohort
    if not cohort.format.is_pair or cohort.closed_at is not None:
        return False
    span = session_span(cohort)
    return half_time(span) <= clock.now() < span.last_ends and has_taken_part(enrolment)


def mid_point_note(enrolment: Enrolment) -> TeamNote | None:
    """What somebody told the team half-way; without words when they had nothing to tell."""
    return TeamNote.objects.filter(enrolment=enrolment, origin=TeamNote.Origin.MID_POINT).first()


def due_mid_points(user: User) -> list[Enrolment]:
    """The person's pairs about which they can be asked today and have not answered."""
    answered = TeamNote.objects.filter(origin=TeamNote.Origin.MID_POINT, enrolment__user=user).values("enrolment")
    pairs = user.enrolments.active().filter(cohort__format__capacity=1, cohort__closed_at__isnull=True)
    pairs = pairs.exclude(pk__in=answered).select_related("cohort__format")
    return [enrolment for enrolment in pairs if is_mid_point(enrolment)]
