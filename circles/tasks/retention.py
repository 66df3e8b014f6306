"""Forgetting what was told in confidence once its time is over."""

from celery import shared_task

from circles.services.confidence import forget_old


@shared_task(name="circles.forget_old")
def forget() -> int:
    """Delete the reflections and concerns that are due to go. Running it twice deletes nothing twice."""
    return forget_old()
