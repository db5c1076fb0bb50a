from importlib import import_module

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Connects what listens to lower apps, in whichever process: an invoice that is paid books its tickets."""
        import_module("events.actions.receivers")
