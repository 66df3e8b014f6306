"""Pages that exist in demonstration and tests only."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
