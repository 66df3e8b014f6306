"""Text that is unreadable in the database."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    """The first key encrypts, all of them decrypt: so a key is rotated."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def encrypt(text: str) -> str:
    # A token says, for everybody to read, when it was made: that is nobody's business either.
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt_at_time(text.encode(), current_time=0).decode("ascii")


def decrypt(token: str) -> str:
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode("ascii")).decode()


class EncryptedTextField(models.TextField):
    """A text field stored as ciphertext; blank stays blank. It can't be searched, and isn't meant to be."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value
