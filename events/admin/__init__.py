"""The office's pages about events, a module for each concept."""

from events.admin import after, bookings, contributions, events, programme

__all__ = ["after", "bookings", "contributions", "events", "programme"]
