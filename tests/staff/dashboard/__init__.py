"""The front page of the programme team."""
