"""Members as other members see them, and one's own profile."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import people as actions
from members.forms.people import ProfileForm
from members.http import Request, members_only
from members.models import Correspondence, Interest, Profile, Region
from members.models.profile import ProfileQuerySet
from members.permissions import membership_of, why_no_letter

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 24


@require_GET
@members_only
def people(request: Request) -> HttpResponse:
    """Who said that they may be shown, by words, region and interest."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    region, interest = request.GET.get("region", ""), request.GET.get("interest", "").replace("\x00", "")
    interests = list(Interest.objects.all())
    found = with_everything(Profile.objects.listed()).with_words(words)
    if region in Region.values:
        found = found.filter(user__membership__region=region)
    if chosen := next((each for each in interests if each.slug == interest), None):
        found = found.filter(interests=chosen)
    own = Profile.objects.filter(user=request.user).first()
    return render(
        request,
        "members/people/people.html",
        {
            "page": Paginator(found.order_by("user__name", "pk"), PER_PAGE).get_page(request.GET.get("page")),
            "words": words,
            "region": region,
            "regions": Region.choices,
            "interest": interest,
            "interests": interests,
            "is_filtered": bool(words or region in Region.values or chosen),
            "own": own,
        },
    )


@require_GET
@members_only
def member_profile(request: Request, profile_key: str) -> HttpResponse:
    profile = get_object_or_404(with_everything(Profile.objects.visible_to(request.user)), key=profile_key)
    is_own = profile.user_id == request.user.pk
    return render(
        request,
        "members/people/profile.html",
        {
            "profile": profile,
            "is_own": is_own,
            "no_letter": why_no_letter(request.user, profile.user),
            "correspondence": None if is_own else Correspondence.objects.of(request.user, profile.user).first(),
            "is_blocked": not is_own and request.user.blocks.filter(whom=profile.user).exists(),
        },
    )


@require_http_methods(GET_OR_POST)
@members_only
def profile_edit(request: Request) -> HttpResponse:
    profile = Profile.objects.filter(user=request.user).first() or Profile(user=request.user)
    membership = membership_of(request.user)
    form = ProfileForm(request.POST or None, instance=profile, membership=membership)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_profile(**form.cleaned_data, by=request.user)
        said = "Members can find you now." if saved.is_listed else "You are not listed: nobody else sees it."
        messages.success(request, f"Your profile is saved. {said}")
        return redirect("member_profile", saved.key)
    return render(request, "members/people/profile_edit.html", {"form": form, "profile": profile})


def with_everything(profiles: ProfileQuerySet) -> ProfileQuerySet:
    """With what a page shows of a person, and what decides whether they can be written to."""
    return profiles.select_related("user__membership__plan", "user__membership__sponsor__plan").prefetch_related(
        "interests"
    )
