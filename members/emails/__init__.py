"""The mails, a module for each occasion."""
