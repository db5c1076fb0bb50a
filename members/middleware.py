"""The second factor, asked of everybody whose posts open people's records."""

from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve

# Pages that somebody needs on the way to a second factor, and those that show nobody's record.
OPEN_WITHOUT = frozenset(
    {
        "home",
        "healthz",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_email",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_change_password",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "invitation",
        "unsubscribe",
    }
)
SESSION_KEY = "second_factor"


class SecondFactor:
    """Sends whoever needs a second factor and has none to set one up, before any other page opens.

    Once seen it is noted in the session, so that it costs one query for each log-in and none for each page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and not request.session.get(SESSION_KEY)
            and request.user.needs_second_factor
            and not is_made_up(request.user.email)
            and resolve(request.path_info).url_name not in OPEN_WITHOUT
        ):
            if not get_adapter().is_mfa_enabled(request.user):
                return redirect("mfa_index")
            request.session[SESSION_KEY] = True
        return self.get_response(request)


def is_made_up(email: str) -> bool:
    """Whether this is one of the demo's accounts, in the demo. They alone are spared the second factor."""
    return settings.DEMO and email.endswith("@demo.test")
