"""Application configuration."""

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "Participants"

    def ready(self) -> None:
        from participants import emails, holdings, life_emails  # noqa: F401 - the two register kinds of message

        holdings.register()
