"""A realistic programme of invented people, set relative to today and the same on every machine.

It is loaded through the services, with the one clock moved back to when each thing would have happened, and sends no
mail about the past.
"""
