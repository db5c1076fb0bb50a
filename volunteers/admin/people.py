"""The office looks at volunteers and at who was on when. Coordinators look after them, on the site itself."""

from django.contrib import admin
from django.db.models import QuerySet

from linkworkers.audit.admin import ReadOnly
from members.admin._base import ReadOnlyInline
from members.http import Request
from volunteers.models import Check, Shift, StageChange, Volunteer


class StagesInline(ReadOnlyInline):
    """Without the notes: coordinators write them for each other."""

    model = StageChange
    fields = ["at", "stage", "by"]
    verbose_name_plural = "steps"

    def get_queryset(self, request: Request) -> QuerySet[StageChange]:
        return super().get_queryset(request).select_related("by")


class ChecksInline(ReadOnlyInline):
    model = Check
    fields = ["requirement", "passed", "done_on", "ends_on", "by"]
    verbose_name_plural = "checks"

    def get_queryset(self, request: Request) -> QuerySet[Check]:
        return super().get_queryset(request).select_related("requirement", "by")


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnly):
    list_display = ["name", "workplace", "stage", "stage_since", "started_on"]
    list_filter = ["stage", "roles"]
    list_select_related = ["workplace"]
    search_fields = ["name", "email", "workplace__name"]
    search_help_text = "A name, an address or a workplace."
    fields = [
        "name",
        "email",
        "workplace",
        "user",
        "stage",
        "stage_since",
        "roles",
        "applied_at",
        "started_on",
        "paused_until",
        "left_on",
    ]
    inlines = [StagesInline, ChecksInline]


@admin.register(Shift)
class ShiftAdmin(ReadOnly):
    list_display = ["starts_at", "volunteer", "session", "how", "ended_at", "end_reason", "attended"]
    list_filter = ["how", "end_reason"]
    list_select_related = ["volunteer", "session"]
    date_hierarchy = "starts_at"
    search_fields = ["volunteer__name"]
    search_help_text = "A volunteer’s name."
    fields = ["session", "volunteer", "user", "starts_at", "ends_at", "how", "created_by", "created_at", "ended_at"]
