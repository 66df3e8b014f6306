"""One cohort at a glance: where it stands, how many people it has, and what blocks its next stage."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return []
