"""Application configuration."""

import functools
import uuid

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from psycopg2.extensions import new_type, register_type

from accounts.prepared import plan_once

UUID_OID = 2950  # in every PostgreSQL


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Make the key that a page reads a dozen times once: the rows of a circle all have the circle's."""
        known = functools.lru_cache(maxsize=10_000)(uuid.UUID)
        connection_created.connect(plan_once)
        register_type(new_type((UUID_OID,), "UUID", lambda text, _: None if text is None else known(text)))
