"""What this app holds about a person beside their part in a circle."""

from accounts.models import User
from circles.selectors.concerns import known_to
from circles.selectors.feeds import feed_of
from circles.selectors.wording import is_discreet
from circles.services.feeds import set_discreet, switch_off_feed
from privacy import registry
from privacy.registry import Entry, Holding


def export_calendar_feed(user: User) -> list[Entry]:
    feed = feed_of(user)
    return [{"Made on": feed.made_at, "Last used on": feed.last_used_on}] if feed else []


def erase_calendar_feed(user: User) -> int:
    return int(switch_off_feed(user=user, by=None))


def export_wording(user: User) -> list[Entry]:
    return [{"Entries say": "“Meeting” and no more"}] if is_discreet(user) else []


def erase_wording(user: User) -> int:
    return int(set_discreet(user=user, on=False, by=None))


def register() -> None:
    registry.confide("circles.Concern", known_to)
    registry.register(
        Holding(
            key="calendar_feed",
            title="Your private calendar link",
            export=export_calendar_feed,
            erase=erase_calendar_feed,
            position=10,
        )
    )
    registry.register(
        Holding(
            key="calendar_wording",
            title="How much your calendar says",
            export=export_wording,
            erase=erase_wording,
            position=10,
        )
    )
