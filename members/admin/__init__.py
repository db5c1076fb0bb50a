"""The office's pages of people, and of everything that they belong to."""

from members.admin import accounts, articles, communities, vacancies

__all__ = ["accounts", "articles", "communities", "vacancies"]
