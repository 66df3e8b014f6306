"""What surveys can do."""

from surveys.services.setup import add_part, ensure_surveys

__all__ = ["add_part", "ensure_surveys"]
