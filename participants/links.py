"""Signed links for people without an account. Nothing secret is stored; raising a version ends earlier links."""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from organisations.models import Participation
from participants.models import AskedAgain, Nomination


def _sign(salt: str, key: uuid.UUID, version: int) -> str:
    return Signer(sep=".", salt=salt).sign(f"{key.hex}-{version}")


def _read(salt: str, token: str) -> tuple[uuid.UUID, int] | None:
    try:
        key, _, version = Signer(sep=".", salt=salt).unsign(token).partition("-")
    except BadSignature:
        return None
    return uuid.UUID(key), int(version)


def invitation_token(nomination: Nomination) -> str:
    return _sign("participants.invitation", nomination.pk, nomination.link_version)


def application_token(participation: Participation) -> str:
    return _sign("participants.application", participation.pk, participation.application_version)


def read_invitation(token: str) -> Nomination | None:
    """The nomination whose link this is, in whatever state; None for a forged or replaced link."""
    read = _read("participants.invitation", token)
    if read is None:
        return None
    rows = Nomination.objects.select_related(
        "participation__organisation", "cohort__format", "nominated_by", "enrolment__user"
    )
    return rows.filter(pk=read[0], link_version=read[1], erased_at__isnull=True).first()


def read_application(token: str) -> Participation | None:
    """The participation whose application link this is; None for a forged or renewed link."""
    read = _read("participants.application", token)
    if read is None:
        return None
    rows = Participation.objects.select_related("organisation", "cohort__format")
    return rows.filter(pk=read[0], application_version=read[1], withdrawn_at__isnull=True).first()


def again_token(asked: AskedAgain) -> str:
    return _sign("participants.asked_again", asked.pk, 1)


def read_again(token: str) -> AskedAgain | None:
    """Who was asked, and for which cohort; None for a forged link."""
    read = _read("participants.asked_again", token)
    if read is None:
        return None
    rows = AskedAgain.objects.select_related(
        "cohort__format", "enrolment__user", "enrolment__organisation", "enrolment__cohort", "nomination"
    )
    return rows.filter(pk=read[0]).first()


def again_url(asked: AskedAgain) -> str:
    return settings.BASE_URL + reverse("portal:asked_again", args=[again_token(asked)])


def invitation_url(nomination: Nomination, page: str = "invitation") -> str:
    """The address in a mail: `page` is invitation or invitation_decline."""
    return settings.BASE_URL + reverse(f"portal:{page}", args=[invitation_token(nomination)])


def application_url(participation: Participation) -> str:
    return settings.BASE_URL + reverse("portal:apply", args=[application_token(participation)])
