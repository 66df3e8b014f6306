"""Application configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Messages"

    def ready(self) -> None:
        from outbox import (
            complaint_emails,  # noqa: F401 - registers kinds of message
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
            tracking,
        )

        holdings.register()
        tracking.register()
