"""Rewording a page of the handbook, and going back to what was shipped. Every version stays."""

from django.db import IntegrityError, transaction

from accounts.models import User
from content.comparing import digest
from privacy.services import record
from staff import handbook
from staff.models import HandbookText


class StaleTextError(Exception):
    """Somebody else has saved other words in the meantime."""


def versions(slug: str) -> list[HandbookText]:
    """Every version of a page, the newest first."""
    return list(HandbookText.objects.filter(slug=slug).select_related("written_by"))


def change(*, slug: str, title: str, summary: str, body: str, started_from: int, by: User) -> HandbookText:
    """The page says this from now on. Raises StaleTextError unless version `started_from` (0: none) is the newest."""
    return _add(slug, started_from, by, title=title, summary=summary, body=body)


def ship(*, slug: str, started_from: int, by: User) -> HandbookText:
    """The page says what was shipped; the team's words stay in its history. Raises StaleTextError as above."""
    return _add(slug, started_from, by, is_shipped=True)


def _add(slug: str, started_from: int, by: User, **words: object) -> HandbookText:
    came = handbook.shipped(slug)
    if came is None or _newest(slug) != started_from:
        raise StaleTextError
    try:
        with transaction.atomic():
            made = HandbookText.objects.create(
                slug=slug, number=started_from + 1, based_on=digest(came.words), written_by=by, **words
            )
            record(by=by, verb="handbook.shipped" if made.is_shipped else "handbook.changed", about=made, page=slug)
    except IntegrityError as error:
        raise StaleTextError from error
    return made


def _newest(slug: str) -> int:
    found = HandbookText.objects.filter(slug=slug).order_by("-number").values_list("number", flat=True).first()
    return found or 0
