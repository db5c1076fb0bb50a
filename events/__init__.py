"""Conferences and other events."""
