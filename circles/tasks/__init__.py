"""Work done outside the request. All modules are imported so that Celery finds their tasks."""

from circles.tasks import formation, reminders, retention

__all__ = ["formation", "reminders", "retention"]
