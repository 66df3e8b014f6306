"""What this app holds about a person beside their part in a circle."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import User
from circles.models import Circle, Concern, Membership
from circles.selectors.concerns import known_to
from circles.selectors.feeds import feed_of
from circles.selectors.wording import is_discreet
from circles.services.feeds import set_discreet, switch_off_feed
from privacy import registry
from privacy.registry import Entry, Holding
from privacy.selectors import looks


def export_calendar_feed(user: User) -> list[Entry]:
    feed = feed_of(user)
    return [{"Made on": feed.made_at, "Last used on": feed.last_used_on}] if feed else []


def erase_calendar_feed(user: User) -> int:
    return int(switch_off_feed(user=user, by=None))


def export_wording(user: User) -> list[Entry]:
    return [{"Entries say": "“Meeting” and no more"}] if is_discreet(user) else []


def erase_wording(user: User) -> int:
    return int(set_discreet(user=user, on=False, by=None))


def _led_by(user: User) -> list[Circle]:
    """Circles with a hand-over note that the person has led: the note is theirs until somebody else leads."""
    led = Membership.objects.filter(enrolment__user=user, seat=Membership.LEAD_SEAT)
    return list(Circle.objects.exclude(hand_over="").filter(memberships__in=led).distinct().order_by("created_at"))


def export_hand_over(user: User) -> list[Entry]:
    return [{"Circle": str(circle), "Hand-over note": circle.hand_over} for circle in _led_by(user)]


def erase_hand_over(user: User) -> int:
    return Circle.objects.filter(pk__in=[circle.pk for circle in _led_by(user)]).update(hand_over="")


def with_open_concern(since: dt.datetime) -> QuerySet[Concern]:
    """Whoever raised a concern that is not closed."""
    return Concern.objects.open().values("enrolment__user")


def export_looks(user: User) -> list[Entry]:
    return looks("concern.read", Concern.objects.filter(enrolment__user=user).values_list("pk", flat=True))


def register() -> None:
    registry.need("concerns", with_open_concern)
    registry.register(
        Holding(
            key="concerns_read",
            title="Who of the team read your concerns",
            export=export_looks,
            kept_because=registry.LOOKS_KEPT,
            position=70,
        )
    )
    registry.confide("circles.Concern", known_to)
    registry.register(
        Holding(
            key="hand_over",
            title="Your notes for whoever leads your circle next",
            export=export_hand_over,
            erase=erase_hand_over,
            position=10,
            apart=True,
            of_them="Notes for whoever leads their circle next",
        )
    )
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
