"""The office decides what volunteers can be and what that needs. Clinics it looks at: their coordinators keep them, and
what they change there has consequences for people.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from linkworkers.audit.admin import Audited, ReadOnly
from members.admin._base import ReadOnlyInline
from members.http import Request
from volunteers.models import Clinic, ClinicSession, ClinicTime, Requirement, Room, VolunteerRole


class Kept(Audited):
    """What is taken out of use and never deleted: others stand on it."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Requirement)
class RequirementAdmin(Kept):
    list_display = ["name", "kind", "valid_months", "course", "workplace", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["course", "workplace"]
    search_fields = ["name", "workplace__name"]
    search_help_text = "A requirement, or a workplace."
    fields = ["kind", "name", "about", "valid_months", "course", "workplace", "is_active"]
    autocomplete_fields = ["workplace"]


@admin.register(VolunteerRole)
class VolunteerRoleAdmin(Kept):
    """Whether people are booked with a role is settled once a clinic has it."""

    list_display = ["name", "meets_people", "workplace", "is_active"]
    list_filter = ["meets_people", "is_active"]
    list_select_related = ["workplace"]
    search_fields = ["name", "workplace__name"]
    search_help_text = "A role, or a workplace."
    fields = ["name", "summary", "skills", "meets_people", "needs", "workplace", "is_active"]
    autocomplete_fields = ["workplace"]

    def get_readonly_fields(self, request: Request, obj: VolunteerRole | None = None) -> list[str]:
        return ["meets_people"] if obj and obj.clinics.exists() else []

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """What it needs is ticked: a dozen at most."""
        if db_field.name == "needs":
            return db_field.formfield(widget=UnfoldAdminCheckboxSelectMultipleWidget, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Room)
class RoomAdmin(ReadOnly):
    list_display = ["name", "practice", "directions", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["practice"]
    search_fields = ["name", "practice__name"]
    search_help_text = "A room, or a practice."


class TimesInline(ReadOnlyInline):
    model = ClinicTime
    fields = ["weekday", "starts", "ends"]
    verbose_name_plural = "times"


@admin.register(Clinic)
class ClinicAdmin(ReadOnly):
    list_display = ["name", "practice", "role", "room", "link_worker", "starts_on", "ends_on", "generated_until"]
    list_filter = ["role", "on_bank_holidays"]
    list_select_related = ["practice", "role", "room", "link_worker"]
    search_fields = ["name", "practice__name"]
    search_help_text = "A clinic, or a practice."
    inlines = [TimesInline]


@admin.register(ClinicSession)
class ClinicSessionAdmin(ReadOnly):
    list_display = ["starts_at", "ends_at", "shown_clinic", "room", "taken", "places", "booked", "cancelled_at"]
    list_select_related = ["clinic__practice", "room"]
    date_hierarchy = "starts_at"
    search_fields = ["clinic__name", "clinic__practice__name"]
    search_help_text = "A clinic, or a practice."

    def get_queryset(self, request: Request) -> QuerySet[ClinicSession]:
        return super().get_queryset(request).order_by("-starts_at", "pk")

    @display(description="clinic", ordering="clinic__name")
    def shown_clinic(self, session: ClinicSession) -> str:
        return str(session.clinic)
