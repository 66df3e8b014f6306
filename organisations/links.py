"""The signed link with which a colleague answers whether they will coordinate. Nothing secret is stored."""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from organisations.models import CoordinatorInvitation

SALT = "organisations.coordinating"


def coordinating_token(invitation: CoordinatorInvitation) -> str:
    return Signer(sep=".", salt=SALT).sign(invitation.pk.hex)


def read_coordinating(token: str) -> CoordinatorInvitation | None:
    """The invitation whose link this is, in whatever state; None for a forged one."""
    try:
        key = uuid.UUID(Signer(sep=".", salt=SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = CoordinatorInvitation.objects.select_related("organisation", "invited_by", "replaces__user")
    return rows.filter(pk=key).first()


def coordinating_url(invitation: CoordinatorInvitation) -> str:
    return settings.BASE_URL + reverse("portal:coordinating", args=[coordinating_token(invitation)])
