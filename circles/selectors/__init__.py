"""Questions about circles that only read."""
