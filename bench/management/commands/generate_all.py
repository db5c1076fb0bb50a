"""`python -m django generate_all`: the sessions of all clinics, as the nightly task makes them."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count
from django.utils import timezone

from volunteers.models import GENERATED_AHEAD, Clinic, ClinicSession
from volunteers.pattern import Pattern
from volunteers.tasks import generate_sessions


class Command(BaseCommand):
    help = "Make the sessions that are due; with --look, print as JSON what is there and what is not."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--look", action="store_true")

    def handle(self, *, look: bool, **options: Any) -> None:
        if not look:
            generate_sessions()
            return
        today, now, missing = timezone.localdate(), timezone.now(), 0
        there = set(ClinicSession.objects.values_list("clinic_id", "pattern_on"))
        clinics = list(Clinic.objects.select_related("practice__parent").prefetch_related("times"))
        for clinic in clinics:
            wanted = Pattern.of(clinic).between(today, clinic.generated_until or today + GENERATED_AHEAD)
            missing += sum(each.starts_at > now and (clinic.pk, each.on) not in there for each in wanted)
        days = ClinicSession.objects.values("clinic", "pattern_on").annotate(number=Count("pk"))
        found = {
            "clinics": len(clinics),
            "sessions": ClinicSession.objects.count(),
            "without_room": ClinicSession.objects.filter(room=None).count(),
            "missing": missing,
            "twice": days.filter(number__gt=1).count(),
        }
        self.stdout.write(json.dumps(found))
