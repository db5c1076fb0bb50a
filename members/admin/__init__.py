"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, courses

__all__ = ["accounts", "courses"]
