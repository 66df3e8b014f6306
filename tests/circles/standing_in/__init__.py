"""A stand-in for one session."""
