"""Application configuration."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from participants import emails, onboarding_holdings  # noqa: F401 - registers this app's kinds of message

        onboarding_holdings.register()
