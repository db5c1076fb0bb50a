"""What a member may report to the office of what others wrote: by kind and key, as `members/_report.html` has them."""

from dataclasses import dataclass

from members.models import MemberLetter, Profile, User


@dataclass(frozen=True)
class Reported:
    """Whose it is, and the beginning of it."""

    author: User
    excerpt: str


def reported(kind: str, key: str, *, by: User) -> Reported | None:
    """A letter that `by` got or wrote, by its number, or a profile that they may see, by its key; None when there is
    none.
    """
    if kind == "letter" and key.isascii() and key.isdigit() and len(key) < 19:
        letter = MemberLetter.objects.visible_to(by).select_related("by").filter(pk=key).first()
        return Reported(letter.by, letter.excerpt) if letter else None
    if kind == "profile":
        profile = Profile.objects.visible_to(by).select_related("user").filter(key=key).first()
        return Reported(profile.user, profile.excerpt) if profile else None
    return None
