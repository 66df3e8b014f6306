"""Kinds of message that this app sends."""

from circles.emails import changes, formation, sessions

__all__ = ["changes", "formation", "sessions"]
