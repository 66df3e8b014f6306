"""Reminders of sessions and monthly mail, and invitations to what a whole cohort comes to."""

from celery import shared_task

from circles.services.digests import queue_coordinator_digests
from circles.services.events import queue_event_invitations
from circles.services.nudges import queue_nudges
from circles.services.polls import queue_poll_reminders
from circles.services.reminders import queue_due_reminders


@shared_task(name="circles.queue_reminders")
def queue_reminders() -> int:
    """Queue what is due at this tick. Running it twice queues nothing twice."""
    asked = queue_event_invitations() + queue_poll_reminders()
    return asked + queue_due_reminders() + queue_nudges() + queue_coordinator_digests()
