"""Kinds of message that this app sends."""

from circles.emails import formation, sessions

__all__ = ["formation", "sessions"]
