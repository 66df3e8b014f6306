"""A person's calendar link: made, replaced, switched off, and ended when they leave.

The token is handed over once, to the page that its owner asked for it on. What is kept is its hash, which is compared
and never shown; no trail, message or log holds either.
"""

import secrets

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import CalendarFeed, DiscreetWording
from circles.selectors.feeds import digest, has_meetings
from privacy.services import record


class FeedError(ValueError):
    """Why somebody can't have a calendar link, in words for them."""


@transaction.atomic
def make_feed(*, user: User, by: User) -> str:
    """Make a person's link, or a new one in place of theirs, which is dead from then on; returns the token.

    Raises FeedError for somebody who sits in no circle: there is nothing to show.
    """
    if not has_meetings(user):
        raise FeedError("You can have a calendar link once you are in a circle.")
    token = secrets.token_urlsafe(32)
    values = {"token_hash": digest(token), "made_at": clock.now(), "last_used_on": None}
    feed, is_new = CalendarFeed.objects.update_or_create(user=user, defaults=values)
    record(by=by, verb="calendar_link.made" if is_new else "calendar_link.replaced", about=feed)
    return token


@transaction.atomic
def switch_off_feed(*, user: User, by: User | None, verb: str = "calendar_link.switched_off") -> bool:
    """End a person's link at once; False where there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(user=user).first()
    if feed is None:
        return False
    record(by=by, verb=verb, about=feed)
    feed.delete()
    return True


def end_feed_of_leaver(*, user: User, by: User | None) -> None:
    """End the link of somebody who sits in no circle any more; who still sits in another cohort's keeps it."""
    if not has_meetings(user):
        switch_off_feed(user=user, by=by, verb="calendar_link.ended")


@transaction.atomic
def set_discreet(*, user: User, on: bool, by: User | None) -> bool:
    """Have a person's calendar say “Meeting” and no more, or what it says to others; whether that changes anything.

    Their calendar link follows at once, an invitation with the next that is sent: wording is no change to a session.
    """
    if on:
        row, changed = DiscreetWording.objects.get_or_create(user=user)
    else:
        row = DiscreetWording.objects.filter(user=user).first()
        changed = row is not None
    if changed:
        record(by=by, verb="calendar_wording.discreet" if on else "calendar_wording.usual", about=row)
    if not on and row:
        row.delete()
    return changed


def note_use(*, feed: CalendarFeed) -> None:
    """Keep the day on which a link was last used: one write a day at most, so that its owner can see whether it is."""
    today = clock.today()
    if feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk, token_hash=feed.token_hash).update(last_used_on=today)
