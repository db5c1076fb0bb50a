"""The straight line most pages follow: one form, one action, and back to where one came from."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkworkers.actions import Refused
from members.http import Request

GET_OR_POST = ["GET", "POST"]


def form_page(
    request: Request,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    button: str,
    said: str,
    to: str,
    back: str,
    template: str = "referrals/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Shows `form` under `title`; once it is valid calls `act` with its data, says `said` and goes on to `to`.

    What the action refuses is said above the form, with everything that was typed kept. `back` is the page that the
    crumb and "Cancel" lead to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(to)
    return render(request, template, {"form": form, "title": title, "button": button, "back": back, **context})
