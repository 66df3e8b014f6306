"""What the team keeps about organisations, people and cohorts for itself: who spoke to whom, and what is to be done."""
