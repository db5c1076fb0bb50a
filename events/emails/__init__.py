"""The mails about events, a module for each concept."""
