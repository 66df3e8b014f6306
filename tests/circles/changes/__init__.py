"""Changes after publication."""
