"""What may be done to circles."""
