"""Sign-in mail goes the same way as all other mail."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from accounts.models import User
from outbox import services

WRONG_CODE = "This code is not right."
TOO_OFTEN = "That was too often. Wait a few minutes, then try again."


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: nobody signs up by themselves, and every mail is a row in the outbox first."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "enter_current_password": "Enter the password that you have now.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "This password is not right.",
        "invalid_password_reset": "This link no longer works.",
        "rate_limited": TOO_OFTEN,
        "too_many_login_attempts": TOO_OFTEN,
        "unknown_email": "We do not know this address.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails. Its code or link is kept out of the database and dies in ten minutes."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        secret = {name: str(context[name]) for name in ("code", "password_reset_url", "key") if name in context}
        kind = f"account.{template_prefix.rpartition('/')[2]}"
        if user is None:
            # No account: said to the owner of the address only, and not more often than once in ten minutes.
            return
        services.queue(kind=kind, about=user, to=user, occurrence=secrets.token_hex(8), secret=secret)
