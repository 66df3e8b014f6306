"""What this app holds about a person beside their part in a circle."""

from accounts.models import User
from circles.selectors.feeds import feed_of
from circles.services.feeds import switch_off_feed
from privacy import registry
from privacy.registry import Entry, Holding


def export_calendar_feed(user: User) -> list[Entry]:
    feed = feed_of(user)
    return [{"Made on": feed.made_at, "Last used on": feed.last_used_on}] if feed else []


def erase_calendar_feed(user: User) -> int:
    return int(switch_off_feed(user=user, by=None))


def register() -> None:
    registry.register(
        Holding(
            key="calendar_feed",
            title="Your private calendar link",
            export=export_calendar_feed,
            erase=erase_calendar_feed,
            position=10,
        )
    )
