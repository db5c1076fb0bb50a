"""The office's pages about volunteers: a module for each concept, imported here."""

from volunteers.admin import cover

__all__ = ["cover"]
