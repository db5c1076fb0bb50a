"""The first step of an installation: somebody who can invite everybody else."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from linkworkers.actions import Refused
from members.actions import invite
from members.models import Role, Workplace

OFFICE = "The association’s office"


class Command(BaseCommand):
    help = "Invites somebody to be an administrator, and prints the link. Makes the association's workplace if needed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                office = Workplace.objects.filter(kind=Workplace.Kind.ASSOCIATION).first()
                if office is None:
                    office = Workplace.objects.create(kind=Workplace.Kind.ASSOCIATION, name=OFFICE)
                invitation = invite(email=email, name=name, workplace=office, role=Role.ADMINISTRATOR, by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{invitation.name} can start here, once, within two weeks:")
        self.stdout.write(f"{settings.SITE_URL}{invitation.path}")
