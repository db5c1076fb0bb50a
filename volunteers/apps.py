from importlib import import_module

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        """Connects what listens to referrals, in whichever process: an appointment that is cancelled frees its slot."""
        import_module("volunteers.actions.bookings")
