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
        from participants.services import enrolment_reminders  # noqa: F401 - and its kind of reminder

        holdings.register()
        onboarding_holdings.register()
