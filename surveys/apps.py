"""Application configuration."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "Surveys"

    def ready(self) -> None:
        from surveys import (
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
        )
        from surveys.services import reminders  # noqa: F401 - and its kind of reminder

        holdings.register()
