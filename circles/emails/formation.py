"""Messages about being placed in a circle, waiting and leaving."""
