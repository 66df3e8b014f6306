"""Wires the apps together. No app imports this package."""

import os

# Before NumPy is first imported: on small matrices, threads that wait for each other cost a hundred times their gain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from comc.celery import app as celery_app

__all__ = ["celery_app"]
