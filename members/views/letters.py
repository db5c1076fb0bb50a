"""Letters between members, and whom somebody wants none from."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.actions import letters as actions
from members.forms.people import LetterForm
from members.http import Request, members_only
from members.models import Block, Correspondence, MemberLetter, Profile, User
from members.permissions import why_no_letter
from members.views.people import with_everything

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
TOO_MANY = "You have sent many letters in the last hour. Send this one later; it is still here."


@require_GET
@members_only
def letters(request: Request) -> HttpResponse:
    """With whom somebody writes, what is unread first."""
    page = Paginator(Correspondence.objects.as_inbox(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, each.other(request.user)) for each in page]
    return render(request, "members/letters/letters.html", {"page": page, "rows": rows})


@require_http_methods(GET_OR_POST)
@members_only
def letter_new(request: Request, profile_key: str) -> HttpResponse:
    """The first letter to somebody who is listed. `?about=` fills in what it is about."""
    profiles = with_everything(Profile.objects.visible_to(request.user)).exclude(user=request.user)
    profile = get_object_or_404(profiles, key=profile_key)
    about = request.GET.get("about", "").replace("\x00", "")[:120]
    form = LetterForm(request.POST or None, about=about)
    if request.method == "POST" and form.is_valid() and (sent := _send(request, form, profile.user)):
        return redirect("correspondence", sent.correspondence.key)
    no_letter = why_no_letter(request.user, profile.user)
    context = {"form": form, "profile": profile, "no_letter": no_letter}
    return render(request, "members/letters/letter_new.html", context, status=429 if _is_late(form) else 200)


@require_http_methods(GET_OR_POST)
@members_only
def correspondence(request: Request, correspondence_key: str) -> HttpResponse:
    """The letters of two people, the newest page first, and the form to answer."""
    found = _find(request, correspondence_key)
    other = found.other(request.user)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _send(request, form, other):
        return redirect("correspondence", found.key)
    page = Paginator(found.letters.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(reversed(page.object_list))
    unread = [letter.pk for letter in rows if letter.to_id == request.user.pk and letter.read_at is None]
    context = {
        "correspondence": found,
        "other": other,
        "page": page,
        "rows": rows,
        "unread_until": max(unread, default=None),
        "form": form,
        "no_letter": why_no_letter(request.user, other),
        "own_block": Block.objects.filter(by=request.user, whom=other).first(),
    }
    return render(request, "members/letters/correspondence.html", context, status=429 if _is_late(form) else 200)


@require_POST
@members_only
def letters_read(request: Request, correspondence_key: str) -> HttpResponse:
    """Notes that the letters up to one have been read: the page says so by itself where scripts run."""
    found = _find(request, correspondence_key)
    until = request.POST.get("until", "")
    if until.isascii() and until.isdigit() and len(until) < 19:
        actions.mark_read(found, until=int(until), by=request.user)
    return HttpResponse() if request.htmx else redirect("letters")


@require_POST
@members_only
def correspondence_block(request: Request, correspondence_key: str) -> HttpResponse:
    return _block(request, _find(request, correspondence_key).other(request.user))


@require_POST
@members_only
def member_block(request: Request, profile_key: str) -> HttpResponse:
    profiles = Profile.objects.visible_to(request.user).exclude(user=request.user)
    return _block(request, get_object_or_404(profiles.select_related("user"), key=profile_key).user)


@require_GET
@members_only
def blocks(request: Request) -> HttpResponse:
    """Whom somebody wants no letters from."""
    found = Block.objects.filter(by=request.user).select_related("whom")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "members/letters/blocks.html", {"page": page})


@require_POST
@members_only
def block_end(request: Request, block_id: int) -> HttpResponse:
    block = get_object_or_404(Block.objects.filter(by=request.user).select_related("whom"), pk=block_id)
    actions.unblock(block, by=request.user)
    messages.success(request, f"{block.whom.name_among_members} can write to you again.")
    return redirect("blocks")


def _find(request: Request, key: str) -> Correspondence:
    """One of this person's own, with both people and what decides whether they can be written to."""
    people = [
        f"{person}__{part}"
        for person in ("first", "second")
        for part in ("profile", "membership__plan", "membership__sponsor__plan")
    ]
    found = Correspondence.objects.visible_to(request.user).select_related(*people)
    return get_object_or_404(found, key=key)


def _send(request: Request, form: LetterForm, to: User) -> MemberLetter | None:
    """The letter, sent; None with the reason in the form."""
    if not allows(request, "member_letter", request.user.pk):
        form.add_error(None, TOO_MANY)
        return None
    try:
        return actions.write(to=to, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _is_late(form: LetterForm) -> bool:
    return form.is_bound and TOO_MANY in form.non_field_errors()


def _block(request: Request, whom: User) -> HttpResponse:
    actions.block(whom, by=request.user)
    messages.success(request, f"{whom.name_among_members} can no longer write to you. They are not told.")
    return redirect("blocks")
