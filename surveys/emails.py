"""Kinds of message that this app sends."""
