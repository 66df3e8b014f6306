"""The Celery application. The broker is only a tick: everything due is read from PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")

app = Celery("comc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
