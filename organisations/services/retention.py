"""What is forgotten in time, as the privacy notice promises: contacts of organisations, and who wanted to hear."""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts import clock
from organisations.models import Demand, Interest
from outbox.models import Message, State
from privacy.services import record

KEPT_FOR = dt.timedelta(days=365)
JOINED = "organisations.employer_joined"


def erase_old_contacts() -> int:
    """A year after the last contact with somebody who wrote to us, forget who it was and what they wrote.

    The row stays: that an organisation asked, and when. Whoever has written again, or has been answered since, is kept.
    Returns how many submissions were forgotten.
    """
    limit = clock.now() - KEPT_FOR
    lately = Interest.objects.filter(Q(created_at__gte=limit) | Q(answered_at__gte=limit)).values("contact_email")
    old = Interest.objects.exclude(contact_email="").exclude(contact_email__in=lately)
    return sum(erase_contact(interest.pk) for interest in old.only("pk"))


@transaction.atomic
def erase_contact(key: Any) -> bool:
    """Forget who wrote one submission, and what; whether there was anything to forget."""
    interest = Interest.objects.select_for_update().get(pk=key)
    if not interest.contact_email:
        return False
    before = interest.state
    interest.contact_name, interest.contact_email, interest.contact_role, interest.message = "Erased", "", "", ""
    if interest.state != Interest.State.CONFIRMED:
        interest.state = Interest.State.CLOSED  # there is nobody left to answer
    interest.save()
    _forget_address(interest)
    record(by=None, verb="interest.erased", about=interest, before=before)
    return True


def erase_old_demand() -> int:
    """Forget the addresses of those who asked to hear when their employer joins: once they were told, or after a year.

    Returns how many addresses were forgotten.
    """
    old = Demand.objects.filter(created_at__lt=clock.now() - KEPT_FOR).exclude(email="")
    told = Message.objects.filter(kind=JOINED).exclude(state__in=[State.WAITING, State.SENDING]).exclude(address="")
    return sum(erase_demand(demand.pk) for demand in old.only("pk")) + told.update(address="", name="")


@transaction.atomic
def erase_demand(key: Any) -> bool:
    """Forget who wanted to hear; whether there was anything to forget."""
    demand = Demand.objects.select_for_update().get(pk=key)
    if not demand.email:
        return False
    demand.email = ""
    demand.save(update_fields=["email"])
    record(by=None, verb="demand.erased", about=demand)
    return True


def _forget_address(about: models.Model) -> None:
    Message.objects.about(about).filter(recipient__isnull=True).update(address="", name="")
