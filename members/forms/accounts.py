"""What is typed about posts and accounts, checked."""

import datetime as dt
from typing import Any

from allauth.mfa import app_settings as second_factor_settings
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.forms import laid_out, side_by_side
from members.models import Invitation, Post, Role, User, Workplace
from members.permissions import ROLES_MANAGERS_GIVE


class InvitationForm(forms.ModelForm):
    """Whom a manager invites, and to what. The rules of the offer itself are `Invitation.clean`."""

    class Meta:
        model = Invitation
        fields = ["name", "email", "workplace", "role", "wte"]
        error_messages = {
            "name": {"required": "Write the person’s name."},
            "email": {"required": "Write the person’s e-mail address."},
            "workplace": {"required": "Choose where they will work."},
            "role": {"required": "Choose what they will do."},
        }
        help_texts = {
            "email": "Their own address at work, not a shared mailbox.",
            "wte": "For a paid post: 1.00 is full time, 0.80 is four days a week.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "wte": forms.NumberInput(attrs={"class": "input-short", "step": "0.05", "max": "1.5"}),
        }

    helper = laid_out(side_by_side("name", "email"), "workplace", "role", "wte")

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workplaces = Workplace.objects.managed_by(manager).order_by("-kind", "name")
        self.fields["workplace"] = forms.ModelChoiceField(
            workplaces,
            label="Workplace",
            empty_label="Choose",
            error_messages=self.Meta.error_messages["workplace"],
        )
        self.fields["role"] = forms.ChoiceField(
            choices=[(role.value, role.label) for role in Role if role in ROLES_MANAGERS_GIVE],
            widget=forms.RadioSelect,
            error_messages=self.Meta.error_messages["role"],
        )


class JoinForm(forms.Form):
    """The name and the password of a new account. The address is shown for the browser's password store."""

    email = forms.EmailField(
        label="Your e-mail address",
        disabled=True,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    name = forms.CharField(
        label="Your name",
        max_length=150,
        help_text="As colleagues know you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        max_length=256,
        help_text="At least 12 characters. Three words that do not belong together are easy to keep in mind.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    helper = laid_out("email", "name", "password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.initial["email"], name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name"]
        error_messages = {"name": {"required": "Write your name."}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    helper = laid_out("name")


class EndPostForm(forms.Form):
    """The last day of one post."""

    last_day = forms.DateField(
        help_text="Access ends after this day. Choose yesterday to end it now.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-date"}),
        error_messages={"required": "Choose the last day."},
    )

    helper = laid_out("last_day")

    def __init__(self, data: QueryDict | None, *, post: Post) -> None:
        super().__init__(data, initial={"last_day": post.end_date or timezone.localdate()})
        self.post = post

    def clean_last_day(self) -> dt.date:
        last_day = self.cleaned_data["last_day"]
        if last_day < self.post.start_date:
            raise ValidationError(f"This post began on {date_format(self.post.start_date)}. Choose that day or later.")
        return last_day


class _CountsOnce(BaseAuthenticateForm):
    """Takes each code of an authenticator app once in all the time that it counts.

    allauth remembers a used code for one period, but with a tolerance a code counts for longer.
    """

    def clean_code(self) -> str:
        typed = "".join(filter(str.isalnum, self.cleaned_data["code"]))  # people type "123 456", and allauth takes it
        used = f"second-factor-used:{self.user.pk}:{typed[:32]}"
        if cache.get(used):
            self.cleaned_data["code"] = ""  # allauth then refuses it as any wrong one, and counts it against the limit
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            counts_for = second_factor_settings.TOTP_PERIOD * (2 * second_factor_settings.TOTP_TOLERANCE + 1)  # seconds
            cache.set(used, True, timeout=counts_for)  # of two at once, allauth's own memory refuses one
        return code


class SecondFactorForm(_CountsOnce, AuthenticateForm):
    """The code that is asked for after the password."""


class SecondFactorAgainForm(_CountsOnce, ReauthenticateForm):
    """The code that is asked for before something that needs a fresh look at who it is."""
