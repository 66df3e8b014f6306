"""Kinds of message that this app sends."""

from circles.emails import announcements, changes, formation, sessions

__all__ = ["announcements", "changes", "formation", "sessions"]
