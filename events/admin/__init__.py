"""The office's pages about events, a module for each concept."""
