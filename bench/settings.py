"""The application's own settings, with the floor's address added, and queries counted for whoever asks."""

from linkworkers.settings import *  # noqa: F403
from linkworkers.settings import BASE_DIR, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
MIDDLEWARE = ["bench.floor.CountQueries", *MIDDLEWARE]
ROOT_URLCONF = "bench.urls"
STATIC_ROOT = BASE_DIR / "var" / "bench" / "static"
