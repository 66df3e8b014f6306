"""The programme team's front door: Django's admin with our dashboard and workflow pages."""

from typing import Any

from django.contrib.admin import AdminSite


class StaffSite(AdminSite):
    site_header = "Mentoring Circles"
    site_title = "Programme team"
    index_title = "Today"

    def get_urls(self) -> list[Any]:
        from staff.urls import urlpatterns

        return [*urlpatterns(self), *super().get_urls()]
