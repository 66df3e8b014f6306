"""Application configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        from organisations import (
            emails,  # noqa: F401 - registers this app's kinds of message
            holdings,
        )

        holdings.register()
