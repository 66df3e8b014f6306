"""Application configuration."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = "Cohorts"

    def ready(self) -> None:
        from cohorts.replies import reply_address
        from outbox import kinds

        kinds.answered_at(reply_address)
