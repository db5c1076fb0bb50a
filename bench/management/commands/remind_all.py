"""`python -m django remind_all`: the reminders that are due, with their queries counted."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from members.actions.renewals import AT_ONCE
from members.models import Membership
from members.tasks import send_renewals


class Command(BaseCommand):
    help = "Write the reminders that are due, and print how many members, messages and queries it took, as JSON."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        asked = 0

        def counting(execute: Any, *arguments: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*arguments)

        members = Membership.objects.count()
        with connection.execute_wrapper(counting):
            messages = send_renewals()
        batches = -(-members // AT_ONCE)
        self.stdout.write(json.dumps({"members": members, "messages": messages, "queries": asked, "batches": batches}))
