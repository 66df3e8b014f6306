"""Kinds of message that this app sends."""

from circles.emails import announcements, changes, digests, formation, polls, sessions

__all__ = ["announcements", "changes", "digests", "formation", "polls", "sessions"]
