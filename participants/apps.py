"""Application configuration."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from participants import (
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
            onboarding_holdings,
        )

        holdings.register()
        onboarding_holdings.register()
