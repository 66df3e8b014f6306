"""Background work of this app."""

from celery import shared_task

from participants import services


@shared_task(name="participants.expire_nominations")
def expire_nominations() -> None:
    """What the calendar does to nominations: fill freed places, end the unanswered, forget those who did not enrol."""
    services.fill_freed_places()
    services.expire_nominations()
    services.erase_unanswered()
