"""The tabs of the pages of volunteering: which of them somebody has, by their posts of today."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from members.models import Role, User

EVERYBODY = (Role.VOLUNTEER, Role.COORDINATOR, Role.LINK_WORKER, Role.PRACTICE_STAFF, Role.MANAGER)
VOLUNTEERS = (Role.VOLUNTEER, Role.COORDINATOR)


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    url: str


# key, label, name of the page, who has it
TABS: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("shifts", "My shifts", "my_shifts", VOLUNTEERS),
    ("day", "My day", "volunteer_day", (Role.VOLUNTEER,)),
    ("bookings", "Bookings", "bookings", (Role.PRACTICE_STAFF, Role.LINK_WORKER)),
    ("rota", "Rota", "rota", EVERYBODY),
    ("cover", "Cover and swaps", "cover_requests", VOLUNTEERS),
    ("clinics", "Clinics", "clinics", EVERYBODY),
    ("people", "Volunteers", "volunteer_list", (Role.COORDINATOR,)),
    ("me", "About me", "volunteer_me", (Role.VOLUNTEER,)),
    ("training", "Training", "training", VOLUNTEERS),
    ("expenses", "Expenses", "expenses", VOLUNTEERS),
    ("thanks", "Thanks and impact", "thanks", VOLUNTEERS),
    ("impact", "Impact", "volunteer_impact", (Role.LINK_WORKER, Role.PRACTICE_STAFF, Role.MANAGER)),
)


def tabs(user: User) -> list[Tab]:
    """Those that this person has. The first page of a coordinator who does not volunteer is what waits for them."""
    volunteers = user.has_role(Role.VOLUNTEER)
    return [
        Tab(key, label if key != "shifts" or volunteers else "Needs you", reverse(name))
        for key, label, name, roles in TABS
        if user.has_role(*roles)
    ]


def volunteer_tabs(request: HttpRequest) -> dict[str, object]:
    """Context processor: made only when a page draws it."""
    return {"volunteer_tabs": SimpleLazyObject(lambda: tabs(request.user) if request.user.is_authenticated else [])}
