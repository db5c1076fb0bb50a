"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, articles, bank, communities, courses, memberships, money, plans, vacancies

__all__ = ["accounts", "articles", "bank", "communities", "courses", "memberships", "money", "plans", "vacancies"]
