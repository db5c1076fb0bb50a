"""The office's pages of cover and swaps: looked at, never touched. Reasons are for coordinators, and not shown."""

from django.contrib import admin

from linkworkers.audit.admin import ReadOnly
from members.admin._base import ReadOnlyInline
from volunteers.models import CoverAsk, CoverRequest, Swap


class AskInline(ReadOnlyInline):
    model = CoverAsk
    fields = ["volunteer", "round", "asked_at", "answer", "answered_at"]
    verbose_name_plural = "asked"


@admin.register(CoverRequest)
class CoverRequestAdmin(ReadOnly):
    list_display = ["opened_at", "session", "asked_by", "state", "round", "closed_at"]
    list_filter = ["state"]
    list_select_related = ["session", "asked_by"]
    ordering = ["-opened_at", "-pk"]
    exclude = ["reason"]
    inlines = [AskInline]


@admin.register(Swap)
class SwapAdmin(ReadOnly):
    list_display = ["offered_at", "offered_by", "mine", "theirs", "state", "closed_at"]
    list_filter = ["state"]
    list_select_related = ["offered_by", "mine", "theirs"]
    ordering = ["-offered_at", "-pk"]
