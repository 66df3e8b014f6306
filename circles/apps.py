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
            space_holdings,
        )
        from circles.services import digests, nudges, reminders  # noqa: F401 - and its kinds of reminder

        holdings.register()
        space_holdings.register()
        inbound.register()
