"""Kinds of message that this app sends."""

from circles.emails import announcements, changes, concerns, digests, formation, notices, polls, sessions, stand_ins

__all__ = ["announcements", "changes", "concerns", "digests", "formation", "notices", "polls", "sessions", "stand_ins"]
