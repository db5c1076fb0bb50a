"""Two people at one form of the office: whoever saves second is told, and overwrites nothing unawares."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.forms.models import _get_foreign_key, model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from unfold.admin import ModelAdmin

from linkworkers.audit.models import AuditEvent
from linkworkers.fingerprint import fingerprint

FIELD = "_shown"  # in the form, hidden: when it was opened, and a fingerprint of each value that it showed
CLOCKS = dt.timedelta(seconds=5)  # that the database's may be behind ours
LONGEST = 120  # characters of a value that is told


class Shown(ModelAdmin):
    """A change form takes along what it was opened with. If that is no longer so when it is saved, nothing is saved:
    the page says who changed what meanwhile, and keeps what was typed. Saved once more, it stands.

    The row is locked from the look at it to the end of the transaction, so that of two who save at once the second
    sees what the first one did.
    """

    change_form_before_template = "admin/shown.html"

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or FIELD not in request.POST:
            return found
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)  # as it is now that nobody else can change it

    def get_form(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if obj is None or not kwargs.get("change"):
            return form
        if not hasattr(request, "values_shown"):
            request.values_shown = self._values(request, obj, form)
            request.overtaken = self._overtaken(request, obj, form)
        told = request.overtaken
        return type(form.__name__, (_Overtaken, form), {"told": told}) if told else form

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        values = getattr(request, "values_shown", None)
        if values is not None:
            context["shown"] = json.dumps({"at": timezone.now().isoformat(), **_prints(values)})
        return super().render_change_form(request, context, *args, **kwargs)

    def _values(self, request: HttpRequest, obj: Model, form: Any) -> dict[str, Any]:
        """What can be changed on this page: the row's own fields, and the rows beneath it."""
        own = model_to_dict(obj, fields=list(form.base_fields))
        values: dict[str, Any] = {name: _plain(value) for name, value in own.items()}
        for inline in self.get_inline_instances(request, obj):
            if not inline.has_change_permission(request, obj):
                continue
            fields = list(inline.get_formset(request, obj).form.base_fields)
            columns = [each.name for each in inline.opts.concrete_fields if each.name in fields]
            above = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).name
            rows = inline.model._base_manager.filter(**{above: obj}).order_by("pk").values_list("pk", *columns)
            values[f"{inline.opts.label_lower} rows"] = [inline.opts.verbose_name_plural, *map(list, rows)]
        return values

    def _overtaken(self, request: Any, obj: Any, form: Any) -> list[str]:
        """What to tell whoever saves a form that is no longer so; nothing when it is, or when it does not say."""
        try:
            before = dict(json.loads(request.POST[FIELD]))
            since = parse_datetime(before["at"])
        except (KeyError, TypeError, ValueError):
            return []
        now = request.values_shown
        changed = [name for name, print_now in _prints(now).items() if before.get(name) not in (print_now, None)]
        if not changed or since is None or timezone.is_naive(since):
            return []
        labels = {name: self._label(name, form, now) for name in changed}
        who = _who(obj, since - CLOCKS, request.user)
        told = [
            f"{who} changed this while you had it open: {', '.join(labels.values())}."
            " Nothing was saved. What you typed is still here: look through it, and save once more if it should stand."
        ]
        own = [field for field in obj._meta.concrete_fields if field.name in changed]
        for field in own:
            said = str(display_for_field(getattr(obj, field.name), field, "empty") or "empty")
            told.append(f"{labels[field.name].capitalize()} is now: {said[:LONGEST]}")
        return told

    def _label(self, name: str, form: Any, values: Mapping[str, Any]) -> str:
        if name not in form.base_fields:
            return str(values[name][0])
        return str(form.base_fields[name].label or name).replace("_", " ").lower()


class _Overtaken(ModelForm):
    """Mixed into the form of a row that somebody else has changed meanwhile."""

    told: list[str] = []

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, ValidationError(self.told))
        return cleaned


def _prints(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: fingerprint({"": value})[:12] for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Rows on the other side of a many-to-many by their keys, in an order of their own."""
    return sorted(str(row.pk) for row in value) if isinstance(value, list) and value and _is_row(value[0]) else value


def _is_row(value: Any) -> bool:
    return isinstance(value, Model)


def _who(obj: Model, since: dt.datetime, reader: Any) -> str:
    """Who changed it last, and when, as far as the trail knows."""
    events = AuditEvent.objects.filter(
        subject_type=obj._meta.label_lower, subject_id=str(obj.pk), at__gte=since
    ).exclude(verb__endswith=".viewed")
    event = events.order_by("-at", "-pk").first()
    if event is None:
        return "Somebody"
    clock = f"{timezone.localtime(event.at):%H:%M}"
    if event.actor_id == reader.pk:
        return f"At {clock} you yourself"
    return f"At {clock} {event.actor.rpartition(' <')[0] or event.actor}"
