"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, communities

__all__ = ["accounts", "communities"]
