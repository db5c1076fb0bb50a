"""What the office's pages of events share."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events import permissions
from linkworkers.audit.admin import ReadOnly
from members.http import Request


class Deeds(ReadOnly):
    """Rows that only the deeds of their page change."""

    def has_events_permission(self, request: Request, object_id: str | None = None) -> bool:
        return permissions.can_run_events(request.user)


def row_of(queryset: QuerySet[Any], object_id: str) -> Any:
    """The row of a key in an address. Raises Http404."""
    found = queryset.filter(pk=int(object_id)).first() if object_id.isascii() and object_id.isdigit() else None
    if found is None:
        raise Http404
    return found


def link_to(row: Model | None, text: str = "") -> str | SafeString:
    """A link to a row's page in the office."""
    if row is None:
        return "None"
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a class="underline" href="{}">{}</a>', reverse(name, args=[row.pk]), text or row)


def list_of(model: type[Model], **filters: Any) -> str:
    """The address of the office's list of these rows."""
    asked = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{asked}"
