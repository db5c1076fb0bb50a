from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "linkworkers.outbox"
    verbose_name = "Outbox"
