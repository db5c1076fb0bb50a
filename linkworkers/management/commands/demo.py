"""`manage.py demo`: a made-up world to look at."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from linkworkers.demo import DOMAIN, PASSWORD
from linkworkers.demo.build import NotHere, build


class Command(BaseCommand):
    help = "Fills an empty database with the demo. Refuses where there is anything else; done once, does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = build(now=timezone.now())
        except NotHere as error:
            raise CommandError(str(error)) from None
        if built:
            self.stdout.write(f"The demo is here. Everybody's password is {PASSWORD}; try link-worker{DOMAIN}.")
        else:
            self.stdout.write("The demo is here already; nothing was changed.")
