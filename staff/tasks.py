"""Work of the programme team's own that is done outside the request."""

from celery import shared_task

from accounts import memory
from cohorts.models import ReminderRule
from cohorts.reminders import log_missed
from staff.desk.services import forget_old
from staff.digests import queue_staff_digests


@shared_task(name="staff.queue_digests")
def queue_digests() -> int:
    """Queue today's summaries for the team. Running it twice queues nothing twice."""
    return queue_staff_digests()


@shared_task(name="staff.log_missed_reminders")
def log_missed_reminders() -> int:
    """Write down which reminders of any kind came too late to be sent. Running it twice changes nothing."""
    return log_missed(*ReminderRule.Kind.values)


@shared_task(name="staff.forget_old")
def forget() -> int:
    """Delete the contacts, tasks and covers that are due to go, and the list of changes that are long past.

    Running it twice deletes nothing twice.
    """
    memory.forget_changes()
    return forget_old()
