"""What allauth does our way: nobody signs up unasked, its mails leave through the outbox, and it leaves a trail."""

import base64
import uuid
from functools import cached_property
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest

from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue
from members.models import User, UserManager


def display_name(user: User) -> str:
    return user.get_full_name()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and this password do not go together. Try again, or say that you have "
        "forgotten the password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with a link that was mailed: to join, to a seat, or to a post. Each has a page of its own."""
        return False

    def clean_email(self, email: str) -> str:
        return UserManager.normalize_email(email)

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues the mail with the change that causes it. It may hold a link that opens an account, so it is secret."""
        request = allauth_context.request
        rendered = self.render_mail(template_prefix, email, {"request": request, "email": email} | context)
        kind = template_prefix.rsplit("/", 1)[-1].replace("_", "-")
        queue(
            key=f"account:{kind}:{uuid.uuid4()}",
            kind=kind,
            to=email,
            template="account",
            context={"subject": rendered.subject, "body": rendered.body},
            secret=True,
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps authenticator secrets encrypted, and the last second factor where one is required."""

    @cached_property
    def _fernet(self) -> MultiFernet:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return MultiFernet([Fernet(self._derive(key)) for key in keys])

    @staticmethod
    def _derive(secret_key: str) -> bytes:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(secret_key.encode())
        return base64.urlsafe_b64encode(derived)

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet.decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever needs a second factor keeps at least one beside the recovery codes."""
        user = authenticator.user
        if not user.needs_second_factor:
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


# What people do with their accounts through allauth's own pages. allauth loads its adapters before it does anything,
# so this module is there by the time any of these is sent.
TRAIL: dict[Signal, str] = {
    account_signals.user_logged_in: "account.logged_in",
    account_signals.password_changed: "account.password_changed",
    account_signals.password_reset: "account.password_reset",
    account_signals.email_changed: "account.email_changed",
    mfa_signals.authenticator_added: "account.second_factor_added",
    mfa_signals.authenticator_removed: "account.second_factor_removed",
    mfa_signals.authenticator_reset: "account.recovery_codes_renewed",
}


def leave_trail(signal: Signal, request: HttpRequest, user: User, **facts: Any) -> None:
    """Receiver of the signals in TRAIL: records what was done, and from where, by the account's owner."""
    authenticator = facts.get("authenticator")
    record(
        TRAIL[signal],
        by=user,
        subject=user,
        facts={"type": authenticator.type} if authenticator else None,
        request=request,
    )


for sent in TRAIL:
    sent.connect(leave_trail)


def know_the_address(user: User, **facts: Any) -> None:
    """Receiver of `password_reset`: the link was read at the only address that this person has, so it is theirs."""
    addresses = list(EmailAddress.objects.filter(user=user))
    if [address.email for address in addresses] == [user.email]:
        EmailAddress.objects.filter(user=user, verified=False).update(verified=True)


account_signals.password_reset.connect(know_the_address)
