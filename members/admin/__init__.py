"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, memberships, plans

__all__ = ["accounts", "memberships", "plans"]
