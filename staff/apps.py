"""Application configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = "Programme team"

    def ready(self) -> None:
        from staff import digests, people_emails  # noqa: F401 - register kinds of message and of reminder
        from staff.desk import holdings

        holdings.register()


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with our site as the default that every app's `admin.py` registers with."""

    default_site = "staff.site.StaffSite"
