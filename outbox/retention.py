"""Messages are forgotten in time, as the inventory of personal data promises: two years after they were sent."""

import datetime as dt
import logging

from django.db import models
from django.db.models.functions import Coalesce

from accounts import clock
from outbox.models import MailEvent, Message, State

log = logging.getLogger("comc.outbox")

KEPT_FOR = dt.timedelta(days=730)
AT_ONCE = 1000  # rows deleted together: a short transaction each, however much has gathered


def forget_old_messages() -> int:
    """Delete messages that are done with, and their history, two years after they left or were given up.

    What the mail service told us goes at the same age. Returns how many rows were forgotten.
    """
    limit = clock.now() - KEPT_FOR
    done = Message.objects.filter(state__in=[State.SENT, State.SKIPPED, State.FAILED])
    old = done.alias(ended=Coalesce("sent_at", "next_attempt_at", "created_at")).filter(ended__lt=limit)
    return forget(old) + forget(MailEvent.objects.filter(created_at__lt=limit))


def forget(old: models.QuerySet) -> int:
    """Delete these rows, some at a time; returns how many."""
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True).order_by("pk")[:AT_ONCE]):
        old.model._default_manager.filter(pk__in=keys).delete()
        forgotten += len(keys)
    if forgotten:
        log.info("%s old rows of %s were forgotten", forgotten, old.model._meta.verbose_name)
    return forgotten
