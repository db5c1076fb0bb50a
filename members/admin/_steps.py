"""A page between a button and what it does: what will happen, what has to be said, and one button."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkworkers.actions import Refused
from members.http import Request


class StepForm(forms.Form):
    """Nothing has to be said."""


def step(
    admin: ModelAdmin,
    request: Request,
    *,
    title: str,
    form: forms.Form,
    act: Callable[[Any], str],
    back: str,
    button: str,
    about: str = "",
    danger: bool = False,
    template: str = "admin/step.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Shows the page; when its form is right, does `act` with what was said, says what it returns and goes `back`.

    `form` is bound already when the page was sent. What is refused is told on the page, with what was typed kept.
    """
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": title,
        "form": form,
        "about": about,
        "button": button,
        "danger": danger,
        "back": back,
        "media": admin.media + form.media,
        **(more or {}),
    }
    return render(request, template, context)


def data_of(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


class Search(AutocompleteSelect):
    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Without what cannot be a key: the row that is shown as chosen is fetched by it."""
        return super().optgroups(name, [each for each in value if each.isdecimal() and each.isascii()], attr)


class SearchField(forms.ModelChoiceField):
    """A choice that is searched for as it is typed, among what `field` of `model` may point to."""

    def __init__(self, queryset: QuerySet[Any], model: type[Model], field: str, **kwargs: Any) -> None:
        widget = Search(model._meta.get_field(field), site)
        super().__init__(queryset, widget=widget, **kwargs)
