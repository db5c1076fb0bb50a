"""What people type about referrals and cases, checked."""

from referrals.forms.case import (
    AmendmentForm,
    AnyContactForm,
    AppointmentForm,
    CancelForm,
    CaseForm,
    CloseForm,
    ConsentForm,
    ContactForm,
    FollowUpForm,
    HandOverForm,
    IdentityForm,
    MessageForm,
    PersonForm,
)
from referrals.forms.referral import ReferralForm, SamePersonForm
from referrals.forms.triage import AnswerForm, DeclineForm, QuestionForm, WithdrawForm

__all__ = [
    "AmendmentForm",
    "AnswerForm",
    "AnyContactForm",
    "AppointmentForm",
    "CancelForm",
    "CaseForm",
    "CloseForm",
    "ConsentForm",
    "ContactForm",
    "DeclineForm",
    "FollowUpForm",
    "HandOverForm",
    "IdentityForm",
    "MessageForm",
    "PersonForm",
    "QuestionForm",
    "ReferralForm",
    "SamePersonForm",
    "WithdrawForm",
]
