"""How the office's admin looks and is ordered: the UNFOLD setting."""

from typing import Any

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


def _link(title: str, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}


NAVIGATION: list[dict[str, Any]] = [
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
        "title": "Members",
        "items": [
            _link("Memberships", "card_membership", "members_membership_changelist"),
            _link("Plans", "price_change", "members_plan_changelist"),
            _link("Subjects", "interests", "members_interest_changelist"),
            _link("The association", "apartment", "members_association_changelist"),
            _link("Reports to moderators", "flag", "members_flag_changelist"),
            _link("Communities", "forum", "members_community_changelist"),
            _link("Moderators", "shield_person", "members_moderator_changelist"),
            _link("Topics", "chat", "members_topic_changelist"),
            _link("Replies", "reply", "members_reply_changelist"),
            _link("Moderators’ log", "gavel", "members_moderationentry_changelist"),
            _link("Jobs and roles", "work", "members_vacancy_changelist"),
            _link("Pay bands", "payments", "members_payband_changelist"),
            _link("Guide and news", "article", "members_article_changelist"),
            _link("Courses", "school", "members_course_changelist"),
        ],
    },
    {
        "title": "Money",
        "items": [
            _link("Invoices", "receipt_long", "members_invoice_changelist"),
            _link("Payments", "payments", "members_payment_changelist"),
            _link("Bank files", "account_balance", "members_bankfile_changelist"),
            _link("Bank lines", "format_list_bulleted", "members_bankline_changelist"),
            _link("Credit notes", "undo", "members_creditnote_changelist"),
            _link("Ledger", "menu_book", "members_ledgerentry_changelist"),
        ],
    },
    {
        "title": "Directory",
        "items": [
            _link("Suggestions", "lightbulb", "directory_suggestion_changelist"),
            _link("Owners’ changes", "compare", "directory_revision_changelist"),
            _link("Claims", "key", "directory_claim_changelist"),
            _link("Imports", "upload_file", "directory_importrun_changelist"),
            _link("Listings", "list_alt", "directory_service_changelist"),
            _link("Organisations", "groups", "directory_organization_changelist"),
            _link("Locations", "location_on", "directory_location_changelist"),
            _link("Terms", "sell", "directory_taxonomyterm_changelist"),
            _link("Taxonomies", "account_tree", "directory_taxonomy_changelist"),
            _link("Synonyms", "sync_alt", "directory_synonym_changelist"),
            _link("Connectors", "storefront", "directory_connector_changelist"),
            _link("Collections", "bookmark", "directory_collection_changelist"),
        ],
    },
    {
        "title": "Volunteers",
        "items": [
            _link("Volunteers", "volunteer_activism", "volunteers_volunteer_changelist"),
            _link("Shifts", "schedule", "volunteers_shift_changelist"),
            _link("Clinics", "calendar_month", "volunteers_clinic_changelist"),
            _link("Sessions", "event", "volunteers_clinicsession_changelist"),
            _link("Rooms", "meeting_room", "volunteers_room_changelist"),
            _link("Roles", "badge", "volunteers_volunteerrole_changelist"),
            _link("Requirements", "verified_user", "volunteers_requirement_changelist"),
            _link("Mileage rates", "directions_car", "volunteers_mileagerate_changelist"),
            _link("Expenses", "receipt", "volunteers_expenseclaim_changelist"),
            _link("Milestones", "celebration", "volunteers_milestone_changelist"),
            _link("Hours beside shifts", "more_time", "volunteers_extrahours_changelist"),
            _link("Health check", "monitor_heart", "volunteers_healthanswer_changelist"),
            _link("Trainings", "school", "volunteers_training_changelist"),
            _link("Cover", "volunteer_activism", "volunteers_coverrequest_changelist"),
            _link("Swaps", "swap_horiz", "volunteers_swap_changelist"),
        ],
    },
    {
        "title": "Events",
        "items": [
            _link("Events", "event_available", "events_event_changelist"),
            _link("Sessions", "view_agenda", "events_programmeitem_changelist"),
            _link("Speakers", "record_voice_over", "events_speaker_changelist"),
            _link("Bookings", "shopping_cart", "events_order_changelist"),
            _link("Attendees", "confirmation_number", "events_ticket_changelist"),
            _link("Needs", "accessible", "events_ticketneeds_changelist"),
            _link("Waitlist", "hourglass_top", "events_waitlistentry_changelist"),
            _link("Tickets handed on", "swap_horiz", "events_tickettransfer_changelist"),
            _link("Check-ins", "how_to_reg", "events_checkin_changelist"),
            _link("Trouble at the door", "report", "events_scan_changelist"),
            _link("Calls for contributions", "campaign", "events_callforcontributions_changelist"),
            _link("Contributions", "description", "events_contribution_changelist"),
            _link("Reviews", "rate_review", "events_review_changelist"),
            _link("Reflections", "auto_stories", "events_reflection_changelist"),
            _link("Introductions", "handshake", "events_introduction_changelist"),
            _link("Feedback questions", "quiz", "events_feedbackquestion_changelist"),
        ],
    },
    {
        "title": "What happened",
        "items": [
            _link("Messages", "outgoing_mail", "outbox_message_changelist"),
            _link("Audit trail", "history", "audit_auditevent_changelist"),
        ],
    },
]

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
    "STYLES": [lambda request: static("css/office.css")],
    "SIDEBAR": {
        "show_search": False,
        "navigation": "linkworkers.dashboard.navigation",
    },
}
