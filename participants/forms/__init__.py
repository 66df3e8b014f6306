"""What people fill in: nominations, applications, answers to an invitation, and enrolment."""
