"""Messages about sessions."""
