"""The office's pages about volunteers: a module for each concept, imported here."""

from volunteers.admin import people  # noqa: F401
