"""What people in a circle do on its notice board, with its shared goals and actions, and in its session notes."""

import datetime as dt

from django.db import transaction

from accounts import clock
from circles.emails.notices import NOTICE
from circles.models import Action, AgendaItem, AgendaVote, Circle, Membership, Notice, Session, SessionNote, SharedGoal
from outbox.services import Letter, queue_all
from participants.models import Enrolment
from privacy.services import record

# Each notice is a mail to everybody else, so that one person puts up no more than this within a day.
NOTICES_A_DAY = 5


class TooManyNoticesError(Exception):
    """The person has put up as many notices as one may within a day."""


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the notes since they were read."""


@transaction.atomic
def put_up(*, circle: Circle, text: str, enrolment: Enrolment) -> Notice:
    """Put a notice on the board and send a copy to everybody else in the circle. Raises TooManyNoticesError."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.notices.filter(created_at__gt=clock.now() - dt.timedelta(days=1)).count() >= NOTICES_A_DAY:
        raise TooManyNoticesError
    notice = Notice.objects.create(circle=circle, text=text, written_by=enrolment)
    others = Membership.objects.current().filter(circle=circle).exclude(enrolment=enrolment)
    queue_all(Letter(NOTICE, notice, seat.enrolment.user) for seat in others.select_related("enrolment__user"))
    record(by=enrolment.user, verb="notice.put_up", about=notice)
    return notice


@transaction.atomic
def take_down(*, notice: Notice, enrolment: Enrolment) -> None:
    """Take a notice off the board: one's own, or any as who leads. Copies that have not left yet never leave."""
    if notice.taken_down_at is not None:
        return
    notice.text, notice.taken_down_at = "", clock.now()
    notice.save(update_fields=["text", "taken_down_at"])
    record(by=enrolment.user, verb="notice.taken_down", about=notice)


@transaction.atomic
def change_notice(*, notice: Notice, text: str, enrolment: Enrolment) -> None:
    """Correct one's notice. Copies that have not left yet say the new words; nobody is sent another one."""
    current = Notice.objects.up().select_for_update(of=("self",)).filter(pk=notice.pk).first()
    if current is None or current.text == text:
        return
    current.text, current.changed_at = text, clock.now()
    current.save(update_fields=["text", "changed_at"])
    record(by=enrolment.user, verb="notice.changed", about=current)


@transaction.atomic
def set_vote(*, item: AgendaItem, wanted: bool, enrolment: Enrolment) -> None:
    """Say that one would like to talk about it too, or take that back. Who votes is no matter of record."""
    if wanted:
        AgendaVote.objects.get_or_create(item=item, enrolment=enrolment)
    else:
        item.votes.filter(enrolment=enrolment).delete()


@transaction.atomic
def add_goal(*, circle: Circle, text: str, competency: str, enrolment: Enrolment) -> SharedGoal:
    """Put down what the circle wants to reach together."""
    goal = SharedGoal.objects.create(circle=circle, text=text, competency=competency, added_by=enrolment)
    record(by=enrolment.user, verb="shared_goal.added", about=goal)
    return goal


@transaction.atomic
def change_goal(*, goal: SharedGoal, text: str, competency: str, enrolment: Enrolment) -> None:
    """Correct a goal that one added."""
    goal.text, goal.competency = text, competency
    goal.save(update_fields=["text", "competency"])
    record(by=enrolment.user, verb="shared_goal.changed", about=goal)


@transaction.atomic
def set_reached(*, goal: SharedGoal, reached: bool, enrolment: Enrolment) -> None:
    """Say that a shared goal is reached, or that it is not after all."""
    if reached is (goal.reached_at is not None):
        return
    goal.reached_at = clock.now() if reached else None
    goal.save(update_fields=["reached_at"])
    record(by=enrolment.user, verb="shared_goal.reached" if reached else "shared_goal.reopened", about=goal)


@transaction.atomic
def add_action(*, circle: Circle, text: str, owner: Enrolment, due_on: dt.date | None, enrolment: Enrolment) -> Action:
    """Put down who does what, and by when. The owner sits in the circle: the form offers nobody else."""
    action = Action.objects.create(circle=circle, text=text, owner=owner, due_on=due_on, added_by=enrolment)
    record(by=enrolment.user, verb="action.added", about=action)
    return action


@transaction.atomic
def change_action(*, action: Action, text: str, owner: Enrolment, due_on: dt.date | None, enrolment: Enrolment) -> None:
    """Correct an action that one added. The owner sits in the circle: the form offers nobody else."""
    action.text, action.owner, action.due_on = text, owner, due_on
    action.save(update_fields=["text", "owner", "due_on"])
    record(by=enrolment.user, verb="action.changed", about=action)


@transaction.atomic
def take_away(*, what: SharedGoal | Action, enrolment: Enrolment) -> None:
    """Take a goal or an action away for good. That it went, and at whose hand, stays on record; its words do not."""
    verb = "shared_goal.taken_away" if isinstance(what, SharedGoal) else "action.taken_away"
    record(by=enrolment.user, verb=verb, about=what)
    what.delete()


@transaction.atomic
def set_action_done(*, action: Action, done: bool, enrolment: Enrolment) -> None:
    """Mark an action as done, or bring it back."""
    if done is (action.done_at is not None):
        return
    action.done_at = clock.now() if done else None
    action.save(update_fields=["done_at"])
    record(by=enrolment.user, verb="action.done" if done else "action.reopened", about=action)


@transaction.atomic
def write_note(*, session: Session, decisions: str, version: int, enrolment: Enrolment) -> SessionNote:
    """Keep what was decided. `version` is the one that the writer read, 0 for none; raises ChangedMeanwhileError."""
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    note = SessionNote.objects.filter(session=session).first()
    if (note.version if note else 0) != version:
        raise ChangedMeanwhileError
    note = note or SessionNote(session=session)
    note.decisions, note.version = decisions, version + 1
    note.written_by, note.written_at = enrolment, clock.now()
    note.save()
    record(by=enrolment.user, verb="session_note.written", about=note)
    return note
