"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, bank, money

__all__ = ["accounts", "bank", "money"]
