"""How the office's admin looks and is ordered: the UNFOLD setting."""

from django.templatetags.static import static
from django.urls import reverse_lazy

# The site's green, from 50 (tint) to 950 (ink).
GREEN = {
    "50": "240 249 247",
    "100": "227 241 238",
    "200": "190 221 215",
    "300": "140 194 185",
    "400": "78 156 147",
    "500": "32 125 117",
    "600": "11 101 95",
    "700": "9 84 79",
    "800": "7 74 70",
    "900": "6 60 57",
    "950": "3 36 34",
}


def _link(title: str, icon: str, name: str) -> dict[str, object]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}


UNFOLD = {
    "SITE_TITLE": "Link Workers office",
    "SITE_HEADER": "Link Workers office",
    "SITE_URL": "/",
    "SITE_SYMBOL": "hub",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "linkworkers.dashboard.context",
    "COLORS": {"primary": GREEN},
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "items": [_link("Overview", "home", "index")],
            },
            {
                "title": "People and places",
                "items": [
                    _link("People", "person", "members_user_changelist"),
                    _link("Posts", "badge", "members_post_changelist"),
                    _link("Invitations", "mail", "members_invitation_changelist"),
                    _link("Workplaces", "home_health", "members_workplace_changelist"),
                ],
            },
            {
                "title": "What happened",
                "items": [
                    _link("Messages", "outgoing_mail", "outbox_message_changelist"),
                    _link("Audit trail", "history", "audit_auditevent_changelist"),
                ],
            },
        ],
    },
}
