"""Kinds of message about signing in."""

from django.conf import settings
from django.urls import reverse

from outbox import hours, kinds, vault
from outbox.models import Message
from outbox.rendering import Url


def _expired(message: Message) -> str:
    return "" if vault.take(message.pk) is not None else "Its code has expired; the person can ask for another."


def _context(message: Message) -> kinds.Context:
    secret = vault.take(message.pk) or {}
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "code": secret.get("code", ""),
        "password_reset_url": Url(secret.get("password_reset_url", "")),
        "sign_in_url": Url(settings.BASE_URL + reverse("account_request_login_code")),
    }


GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Ada"),
    "code": ("The code to sign in with, which works once", "482913"),
    "password_reset_url": ("The link on which a new password is set", "/account/password/reset/key/1-abc/"),
    "sign_in_url": ("The page that sends a sign-in code", "/account/login/code/"),
}
# What each of them is no use without.
REQUIRED = {"login_code": ("code",), "password_reset_key": ("password_reset_url",)}
TITLES = {
    "login_code": "Sign-in code",
    "password_reset_key": "Link to set a new password",
    "password_reset": "Password was reset",
    "password_changed": "Password was changed",
    "password_set": "Password was set",
    "totp_activated": "Second factor switched on",
    "totp_deactivated": "Second factor switched off",
    "recovery_codes_generated": "New recovery codes were made",
}
for _name, _title in TITLES.items():
    kinds.register(
        kinds.MessageKind(
            key=f"account.{_name}",
            title=_title,
            audience="The person who is signing in",
            context=_context,
            still_due=_expired,
            variables=kinds.variables(*GLOSSARY, of=GLOSSARY),
            required=REQUIRED.get(_name, ()),
            hours=hours.at_once,
        )
    )
