from django.apps import AppConfig


class BenchConfig(AppConfig):
    """In the installed apps of `bench.settings` alone: brings the floor's template and the two commands."""

    name = "bench"
