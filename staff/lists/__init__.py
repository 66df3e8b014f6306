"""What every list of the admin has beside its rows: saved views, files out, files in."""
