"""Questions about circles that only read."""

from circles.selectors.people import roster
from circles.selectors.quorum import forecast
from circles.selectors.sessions import (
    attended_count,
    circle_of,
    first_start_and_last_end,
    held_count,
    next_session,
)

__all__ = [
    "attended_count",
    "circle_of",
    "first_start_and_last_end",
    "forecast",
    "held_count",
    "next_session",
    "roster",
]
