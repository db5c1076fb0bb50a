from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "linkworkers.audit"
    verbose_name = "Audit"
