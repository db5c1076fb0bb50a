"""What the office's pages share, here and in the apps above."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminFileFieldWidget

from linkworkers.actions import Refused
from members.http import Request


def each(request: Request, queryset: QuerySet[Any], act: Callable[[Any], object], done: str) -> None:
    """Does something to each row that was ticked, and says of each what became of it."""
    for row in queryset:
        try:
            act(row)
        except Refused as refusal:
            messages.warning(request, f"{row}: {refusal}")
        else:
            messages.success(request, f"{row}: {done}")


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False


class FileWidget(UnfoldAdminFileFieldWidget):
    """The theme's, made to fit a small screen."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["file_wrapper_class"] += " w-0"  # it grows from there
        return context
