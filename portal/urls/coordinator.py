"""An organisation's coordinator."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
