"""Kinds of message that this app sends."""

from circles.emails import changes, digests, formation, sessions

__all__ = ["changes", "digests", "formation", "sessions"]
