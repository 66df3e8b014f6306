"""Forming circles, circles, their sessions and attendance. A pair is a circle of two."""

from circles.models.announcement import Announcement
from circles.models.calendar import CalendarFeed, CalendarReply, DiscreetWording
from circles.models.circle import Circle, CircleQuerySet, Membership, MembershipQuerySet
from circles.models.confidence import Concern, ConcernQuerySet, Reflection
from circles.models.formation import FormationRun, KeptApart, ProposedCircle, ProposedSeat
from circles.models.poll import Poll, PollAnswer, PollDate, PollQuerySet
from circles.models.session import AgendaItem, Attendance, Certificate, Session, SessionQuerySet, certificate_code
from circles.models.space import Action, AgendaVote, Notice, NoticeQuerySet, SessionNote, SharedGoal
from circles.models.stand_in import StandIn, StandInQuerySet

__all__ = [
    "Action",
    "AgendaItem",
    "AgendaVote",
    "Announcement",
    "Attendance",
    "CalendarFeed",
    "CalendarReply",
    "Certificate",
    "Circle",
    "CircleQuerySet",
    "Concern",
    "ConcernQuerySet",
    "DiscreetWording",
    "FormationRun",
    "KeptApart",
    "Membership",
    "MembershipQuerySet",
    "Notice",
    "NoticeQuerySet",
    "Poll",
    "PollAnswer",
    "PollDate",
    "PollQuerySet",
    "ProposedCircle",
    "ProposedSeat",
    "Reflection",
    "Session",
    "SessionNote",
    "SessionQuerySet",
    "SharedGoal",
    "StandIn",
    "StandInQuerySet",
    "certificate_code",
]
