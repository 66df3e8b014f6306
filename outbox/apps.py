"""Application configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Messages"

    def ready(self) -> None:
        from outbox import (
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
            tracking,
        )

        holdings.register()
        tracking.register()
