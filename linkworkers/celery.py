"""The Celery application. Its schedule is in the settings, as code."""

import os

from celery import Celery
from celery.signals import heartbeat_sent

from linkworkers import health

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkworkers.settings")

app = Celery("linkworkers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["linkworkers"], related_name="digests")
heartbeat_sent.connect(health.note_pulse)
