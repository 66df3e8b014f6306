"""Reminders of sessions and of enrolling, monthly mail, and invitations to what a whole cohort comes to."""

from celery import shared_task

from circles.services.calendar_replies import forget_old_replies
from circles.services.digests import queue_coordinator_digests
from circles.services.events import queue_event_invitations
from circles.services.nudges import queue_nudges
from circles.services.polls import queue_poll_reminders
from circles.services.reminders import queue_due_reminders
from participants.services.enrolment_reminders import queue_enrolment_reminders


@shared_task(name="circles.queue_reminders")
def queue_reminders() -> int:
    """Queue what is due at this tick. Running it twice queues nothing twice."""
    asked = queue_event_invitations() + queue_poll_reminders()
    asked += queue_enrolment_reminders()
    return asked + queue_due_reminders() + queue_nudges() + queue_coordinator_digests()


@shared_task(name="circles.forget_old_replies")
def forget_replies() -> int:
    """Forget which mails of calendars were taken, once none of them can come again."""
    return forget_old_replies()
