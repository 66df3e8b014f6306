"""The formation board."""
