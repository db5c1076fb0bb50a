from importlib import import_module

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        """Connects what listens to lower apps, in whichever process: an appointment that is cancelled frees its slot,
        an invitation that is accepted gives a volunteer their account.
        """
        import_module("volunteers.actions.bookings")
        import_module("volunteers.actions.journey_accounts")
