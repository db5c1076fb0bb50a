"""The office's pages about volunteers: a module for each concept, imported here."""

from volunteers.admin import cover, people

__all__ = ["cover", "people"]
