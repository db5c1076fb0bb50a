"""The office's pages about volunteers: a module for each concept, imported here."""

from volunteers.admin import clinics, cover, expenses, people, thanks, training

__all__ = ["clinics", "cover", "expenses", "people", "thanks", "training"]
