"""Quotes about the programme: offered by their author, approved by the team, withdrawn by either."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from participants.models import Enrolment
from privacy.services import record
from surveys.models import Testimonial

SHOWN_FOR = dt.timedelta(days=730)


def signatures(enrolment: Enrolment) -> list[str]:
    """How a quote may be signed: with the person's name or without."""
    role = f"{enrolment.get_role_display()}, {enrolment.cohort}"
    return [role, f"{enrolment.user.get_full_name()}, {role}"]


@transaction.atomic
def offer_testimonial(*, enrolment: Enrolment, quote: str, attribution: str) -> Testimonial:
    """Keep a quote for the team to approve, with its author's consent. Offering again replaces one that waits."""
    if attribution not in signatures(enrolment):
        raise ValidationError("Choose one of the ways to sign it.")
    testimonial, _ = Testimonial.objects.update_or_create(
        enrolment=enrolment, state=Testimonial.State.OFFERED, defaults={"quote": quote, "attribution": attribution}
    )
    # The line of the audit trail is the proof that its author agreed to have it published.
    record(by=enrolment.user, verb="testimonial.offered", about=testimonial, agreed_to_publish=True)
    return testimonial


@transaction.atomic
def approve_testimonial(*, testimonial: Testimonial, by: User) -> None:
    """Publish a quote for two years. One that was withdrawn stays withdrawn."""
    locked = Testimonial.objects.select_for_update().get(pk=testimonial.pk)
    if locked.state != Testimonial.State.OFFERED:
        return
    locked.state, locked.approved_by = Testimonial.State.PUBLISHED, by
    locked.expires_on = locked.expires_on or clock.today() + SHOWN_FOR
    locked.save(update_fields=["state", "approved_by", "expires_on"])
    record(by=by, verb="testimonial.approved", about=locked)


@transaction.atomic
def withdraw_testimonial(*, testimonial: Testimonial, by: User) -> None:
    """Take a quote off the public page for good."""
    locked = Testimonial.objects.select_for_update().get(pk=testimonial.pk)
    if locked.state == Testimonial.State.WITHDRAWN:
        return
    locked.state = Testimonial.State.WITHDRAWN
    locked.save(update_fields=["state"])
    record(by=by, verb="testimonial.withdrawn", about=locked)
