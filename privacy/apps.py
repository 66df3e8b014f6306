"""Application configuration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy import holdings, purposes

        holdings.register()
        purposes.ask_before_bulk_acts()
