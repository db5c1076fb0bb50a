"""The office's pages about volunteers: a module for each concept, imported here."""

from volunteers.admin import clinics

__all__ = ["clinics"]
