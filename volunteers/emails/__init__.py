"""Mails around volunteering: one function for each."""
