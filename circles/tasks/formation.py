"""Runs the engine that forms circles."""
