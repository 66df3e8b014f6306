"""Reminders of sessions."""
