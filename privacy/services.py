"""Writing to the two ledgers: what was done, and what was agreed to."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.models import User
from privacy.models import AuditEvent, ConsentEvent, ConsentWording, Purpose


def record(*, by: User | None, verb: str, about: models.Model, **data: Any) -> AuditEvent:
    """Write one line of the audit trail, in the caller's transaction.

    `data` says what changed in counts, states and keys: never names, addresses or other values of a person.
    """
    return AuditEvent.objects.create(
        actor=by,
        verb=verb,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk,
        data=data,
    )


def current_wording(purpose: str) -> ConsentWording:
    """The words put to people today; made from the purpose's own words where nobody has written better ones."""
    wording = ConsentWording.objects.filter(purpose=purpose).order_by("-version").first()
    return wording or ConsentWording.objects.create(purpose=purpose, version=1, text=Purpose(purpose).label)


@transaction.atomic
def set_consent(*, user: User, purpose: str, given: bool, how: str) -> ConsentEvent | None:
    """Record a change of mind; None when nothing changes. A first "no" is recorded too."""
    wording = current_wording(purpose)
    last = ConsentEvent.objects.filter(user=user, wording__purpose=purpose).order_by("-at", "-created_at").first()
    if last is not None and last.given == given and last.wording_id == wording.pk:
        return None
    return ConsentEvent.objects.create(user=user, wording=wording, wording_digest=wording.digest, given=given, how=how)
