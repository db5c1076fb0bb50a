"""Whether a membership is current, for anybody who holds its number; and nothing more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from linkworkers.limits import allows
from members.models import Membership
from members.models.membership import is_number


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Where a number is typed."""
    typed = _as_number(request.GET.get("number", ""))
    if typed and typed.isalnum() and typed.isascii():
        return redirect("verify", typed)
    return render(request, "members/verify.html", {"typed": request.GET.get("number", "").replace("\x00", "")})


@require_GET
def verify(request: HttpRequest, membership_number: str) -> HttpResponse:
    """Says the same of a number that nobody has and of one whose membership has ended."""
    if not allows(request, "verify", "number"):
        return render(request, "members/verify.html", {"too_many": True}, status=429)
    number = _as_number(membership_number)
    current = is_number(number) and Membership.objects.in_force().filter(number=number).exists()
    context = {"number": number, "asked": True, "current": current, "slip": not is_number(number)}
    return render(request, "members/verify.html", context)


def _as_number(text: str) -> str:
    """As people copy it: in small letters, with spaces and dashes."""
    return "".join(letter for letter in text if letter.isalnum()).upper()[:20]
