"""What the directory's pages in the office share."""

from typing import Any

from django.contrib import messages
from django.db.models import Field, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from linkworkers.actions import Refused
from linkworkers.audit.admin import Office


class Refusing(Office):
    """Says on the page why an action was refused; nothing of what was sent is saved then."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """An address of the web that is typed without its scheme begins with https."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changeform_view(
        self, request: Any, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
