"""Work done outside the request. Both modules are imported so that Celery finds their tasks."""

from circles.tasks import formation, reminders

__all__ = ["formation", "reminders"]
