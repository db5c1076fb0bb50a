"""`python -m django look_at_sales`: what has been sold at each event of which the bench opens the sale."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from events.models import Event, Ticket, WaitlistEntry


class Command(BaseCommand):
    help = "Print as JSON, by address: the type of ticket, how many are valid, and who waits, in their order."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        found = {
            event.slug: {
                "type": event.ticket_types.get().pk,
                "sold": Ticket.objects.valid().filter(event=event).count(),
                "waiting": list(WaitlistEntry.objects.waiting().filter(event=event).values_list("email", flat=True)),
            }
            for event in Event.objects.order_by("pk")
        }
        self.stdout.write(json.dumps(found))
