"""Kinds of message that this app sends."""

from circles.emails import changes, formation, polls, sessions

__all__ = ["changes", "formation", "polls", "sessions"]
