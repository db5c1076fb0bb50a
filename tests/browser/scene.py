"""A network at work: every state a page can be in, and the names, lengths and counts that break layouts."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from members.actions import invite, withdraw_invitation
from members.models import Invitation, Role, User, Workplace
from referrals import actions
from referrals.actions import save_draft
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralFactory,
    ago,
)
from referrals.models import Episode, Referral, ReferralDraft
from referrals.models.episode import ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import DeclineReason, Reason, Urgency
from tests.world import CaseFile, World, build_world, case_file
