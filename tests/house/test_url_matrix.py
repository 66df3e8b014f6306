"""Every address of the product × every role: what comes back.

A row says who gets which status; whoever is not named gets `else`. A URL that no row names fails, and so does a row
whose URL has gone.
"""
