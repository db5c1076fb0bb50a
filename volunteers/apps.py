from importlib import import_module

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        import_module("volunteers.actions.journey_accounts")  # which listens to invitations being accepted
