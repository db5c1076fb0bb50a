"""The directory in the office: each module registers its own pages."""

from directory.admin import importing, listings, moderation, words

__all__ = ["importing", "listings", "moderation", "words"]
