"""Trainings as the office sees them: offered by coordinators, looked at here."""

from django.contrib import admin

from linkworkers.audit.admin import ReadOnly
from volunteers.models import Training


@admin.register(Training)
class TrainingAdmin(ReadOnly):
    """Without the link for joining, which is for those who have a place."""

    exclude = ["online_link"]
    list_display = ["title", "workplace", "starts_at", "taken", "capacity", "requirement", "cancelled_at"]
    list_select_related = ["workplace", "requirement"]
    ordering = ["-starts_at"]
    date_hierarchy = "starts_at"
    search_fields = ["title", "workplace__name"]
    search_help_text = "What it is called, or the workplace."
