"""The shape of a referral and its case, and the questions asked of them."""

from referrals.models.case import Amendment, Appointment, CareContact, FollowUp
from referrals.models.episode import Episode
from referrals.models.message import CodedEntry, MessageBack
from referrals.models.person import Person
from referrals.models.referral import InformationRequest, Referral, ReferralDraft

__all__ = [
    "Amendment",
    "Appointment",
    "CareContact",
    "CodedEntry",
    "Episode",
    "FollowUp",
    "InformationRequest",
    "MessageBack",
    "Person",
    "Referral",
    "ReferralDraft",
]
