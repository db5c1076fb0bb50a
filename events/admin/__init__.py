"""The office's pages about events, a module for each concept."""

from events.admin import contributions

__all__ = ["contributions"]
