"""Reminders of surveys, and what comes to its end by the calendar."""

from celery import shared_task

from surveys.services.reminders import queue_survey_reminders
from surveys.services.retention import expire_testimonials, forget_old_ledgers, forget_testers, unlink_answers


@shared_task(name="surveys.queue_reminders")
def queue_reminders() -> int:
    """Ask those who have not answered. Running it twice changes nothing."""
    return queue_survey_reminders()


@shared_task(name="surveys.forget_old")
def forget_old() -> int:
    """Forget whose answers are whose, old ledgers and who tested long ago; say of quotes past their day that they are.

    Running it twice changes nothing.
    """
    return unlink_answers() + forget_old_ledgers() + forget_testers() + expire_testimonials()
