"""What the pages of the demonstration show: its people, the mail that was sent, and the moved clock."""
