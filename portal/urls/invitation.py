"""A nominee's link and an organisation's application link: no account needed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
