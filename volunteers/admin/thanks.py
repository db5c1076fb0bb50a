"""The office's pages of hours, milestones and the health check. It looks, and changes nothing."""

from django.contrib import admin

from linkworkers.audit.admin import ReadOnly
from volunteers.models import ExtraHours, HealthAnswer, Milestone


@admin.register(Milestone)
class MilestoneAdmin(ReadOnly):
    list_display = ["volunteer", "kind", "number", "reached_on", "noted_at"]
    list_filter = ["kind", "number"]
    list_select_related = ["volunteer"]
    search_fields = ["volunteer__name"]
    search_help_text = "A volunteer’s name."
    fields = ["volunteer", "kind", "number", "reached_on", "noted_at"]


@admin.register(ExtraHours)
class ExtraHoursAdmin(ReadOnly):
    list_display = ["volunteer", "on", "hours", "kind", "state", "answered_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["volunteer", "answered_by"]
    search_fields = ["volunteer__name"]
    search_help_text = "A volunteer’s name."


@admin.register(HealthAnswer)
class HealthAnswerAdmin(ReadOnly):
    list_display = ["workplace", "question", "answer", "by", "at"]
    list_filter = ["question", "answer"]
    list_select_related = ["workplace", "by"]
    search_fields = ["workplace__name"]
    search_help_text = "A workplace’s name."
