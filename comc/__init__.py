"""Wires the apps together. No app imports this package."""

from comc.celery import app as celery_app

__all__ = ["celery_app"]
