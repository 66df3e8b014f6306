"""Kinds of message that this app sends."""

from circles.emails import (
    addresses,
    announcements,
    changes,
    concerns,
    digests,
    formation,
    notices,
    polls,
    sessions,
    stand_ins,
)

__all__ = [
    "addresses",
    "announcements",
    "changes",
    "concerns",
    "digests",
    "formation",
    "notices",
    "polls",
    "sessions",
    "stand_ins",
]
