"""Surveys and a participant's own progress."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
