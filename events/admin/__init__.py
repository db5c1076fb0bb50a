"""The office's pages about events, a module for each concept."""

from events.admin import after, contributions

__all__ = ["after", "contributions"]
