"""Questions about circles that only read."""

from circles.selectors.people import roster
from circles.selectors.sessions import (
    attended_count,
    circle_of,
    first_session_start,
    forecast,
    held_count,
    last_session_end,
    next_session,
)

__all__ = [
    "attended_count",
    "circle_of",
    "first_session_start",
    "forecast",
    "held_count",
    "last_session_end",
    "next_session",
    "roster",
]
