"""Measures the product against floors, references and peers. Nothing of the product imports it."""
