"""Workflow pages of the programme team, below the admin's own address and namespace."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Every page, wrapped so that only staff get in; what each of them may do is the page's own question."""
    return []
