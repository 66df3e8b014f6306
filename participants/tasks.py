"""Background work of this app."""

from celery import shared_task

from participants import services


@shared_task(name="participants.expire_nominations")
def expire_nominations() -> None:
    """What the calendar does to nominations: fill freed places, put forward who waited for their organisation, end the
    unanswered, and forget those who did not enrol, and those whose cohort is long over.
    """
    services.fill_freed_places()
    services.put_forward_waiting()
    services.expire_nominations()
    services.erase_unanswered()
    services.erase_answered()
