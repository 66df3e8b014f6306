"""Pure package: imports no Django."""
