"""Reminders of surveys."""

from celery import shared_task

from surveys.services.reminders import queue_survey_reminders


@shared_task(name="surveys.queue_reminders")
def queue_reminders() -> int:
    """Ask those who have not answered. Running it twice changes nothing."""
    return queue_survey_reminders()
