"""The hallway: settings, addresses, and what is shared by every app."""

from linkworkers.celery import app as celery_app

__all__ = ["celery_app"]
