"""Reminders of sessions, and invitations to what a whole cohort comes to."""

from celery import shared_task

from circles.services.events import queue_event_invitations
from circles.services.polls import queue_poll_reminders
from circles.services.reminders import queue_due_reminders


@shared_task(name="circles.queue_reminders")
def queue_reminders() -> int:
    """Queue what is due at this tick. Running it twice queues nothing twice."""
    return queue_event_invitations() + queue_due_reminders() + queue_poll_reminders()
