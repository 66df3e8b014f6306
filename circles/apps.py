"""Application configuration."""

from django.apps import AppConfig


class CirclesConfig(AppConfig):
    name = "circles"
    verbose_name = "Circles"

    def ready(self) -> None:
        from circles import (
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
            inbound,
        )

        holdings.register()
        inbound.register()
