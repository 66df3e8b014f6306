"""Cohorts from before this software, loaded from a spreadsheet: read, looked at, stored, and taken back as a whole."""
