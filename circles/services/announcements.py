"""Writing to some of a cohort's people: kept as a draft, tried on oneself, sent once."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.emails.announcements import ANNOUNCEMENT, TEST
from circles.models import Announcement
from cohorts.models import Cohort
from outbox.models import Message
from outbox.services import Letter, queue, queue_all
from privacy.services import record


class AlreadySentError(Exception):
    """It has been sent, so it is neither changed nor sent again."""


@transaction.atomic
def write(*, cohort: Cohort, by: User, announcement: Announcement | None = None, **values: Any) -> Announcement:
    """Keep what was written as a draft, a new one or the one that is given."""
    if announcement is None:
        made = Announcement.objects.create(cohort=cohort, written_by=by, **values)
        record(by=by, verb="announcement.drafted", about=made)
        return made
    draft = _draft(announcement)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save()
    record(by=by, verb="announcement.changed", about=draft, fields=sorted(values))
    return draft


@transaction.atomic
def send(*, announcement: Announcement, to: Iterable[User], by: User) -> int:
    """Put it into the outbox for each of these people, once; returns how many they are."""
    draft = _draft(announcement)
    sent = queue_all(Letter(kind=ANNOUNCEMENT, about=draft, to=person) for person in to)
    draft.state, draft.sent_at, draft.sent_by = Announcement.State.SENT, clock.now(), by
    draft.save(update_fields=["state", "sent_at", "sent_by"])
    record(by=by, verb="announcement.sent", about=draft, people=len(sent))
    return len(sent)


@transaction.atomic
def send_test(*, announcement: Announcement, by: User) -> Message:
    """The same message, as it stands, to whoever asks for it alone."""
    message = queue(kind=ANNOUNCEMENT, about=announcement, to=by, occurrence=f"{TEST}-{secrets.token_hex(8)}")
    record(by=by, verb="announcement.tested", about=announcement)
    return message


@transaction.atomic
def discard(*, announcement: Announcement, by: User) -> None:
    """Throw a draft away."""
    draft = _draft(announcement)
    record(by=by, verb="announcement.discarded", about=draft)
    draft.delete()


def _draft(announcement: Announcement) -> Announcement:
    locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
    if locked.state != Announcement.State.DRAFT:
        raise AlreadySentError
    return locked
