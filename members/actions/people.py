"""What members do with their own profile."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.audit.actions import record
from members.models import Flag, Interest, Membership, Profile, Target, User
from members.permissions import is_member, membership_of


@transaction.atomic
def save_profile(
    *,
    headline: str,
    about: str,
    interests: Iterable[Interest],
    is_listed: bool,
    takes_letters: bool,
    region: str = "",
    by: User,
) -> Profile:
    """Writes one's own profile, and the region of one's own membership where there is one.

    Consent to be listed is noted with its moment; taken back, it hides the profile at once. Raises PermissionDenied
    for whoever is no member.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not is_member(by):
        raise PermissionDenied
    profile, _ = Profile.objects.get_or_create(user=by)
    was_listed = profile.is_listed
    if is_listed and not was_listed:
        profile.listed_at = timezone.now()
    profile.headline, profile.about = headline, about
    profile.is_listed, profile.takes_letters = is_listed, takes_letters
    profile.updated_at = timezone.now()
    profile.save()
    profile.interests.set(interests)
    record("profile.changed", by=by, subject=profile)
    if is_listed != was_listed:
        record("profile.listed" if is_listed else "profile.unlisted", by=by, subject=profile)
    membership = membership_of(by)
    if membership and membership.region != region:
        facts = {"before": membership.region, "after": region}
        Membership.objects.filter(pk=membership.pk).update(region=region)
        membership.region = region
        record("membership.region_changed", by=by, subject=membership, facts=facts)
    return profile


def erase(user: User) -> None:
    """Forgets what somebody told other members of themselves."""
    Profile.objects.filter(user=user).delete()
    Flag.objects.filter(kind=Target.PROFILE, author=user).update(excerpt="")
