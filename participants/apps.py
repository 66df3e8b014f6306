"""Application configuration."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from participants import (
            emails,  # noqa: F401 - registers kinds of message
            holdings,
            life_emails,  # noqa: F401 - registers kinds of message
            onboarding_holdings,
        )

        holdings.register()
        onboarding_holdings.register()
