"""A participant's circle, sessions and certificate."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
