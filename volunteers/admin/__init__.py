"""The office's pages about volunteers: a module for each concept, imported here."""
