"""How dates and times are written and read here, where it is not as Django does it for British English."""
