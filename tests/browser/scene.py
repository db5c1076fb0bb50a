"""A network at work: each state that a page can be in, and the names, lengths and counts that break layouts."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import timezone

from members.actions import invite, withdraw_invitation
from members.models import Role, User, Workplace
from referrals import actions
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
from referrals.models import Referral, ReferralDraft
from referrals.models.episode import Complexity, ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import DeclineReason, Reason, Urgency
from tests.world import CaseFile, World, build_world, case_file

# Everything that the referral form asks, as somebody answers it; the keys are the names of its fields.
ANSWERS = {
    "nhs_number": ["999 000 0018"],
    "given_name": ["Edith"],
    "family_name": ["O’Malley"],
    "date_of_birth": ["4 5 1951"],
    "phone": ["07700 900123"],
    "contact_ways": ["phone", "letter"],
    "visit_risk": ["none"],
    "reasons": ["loneliness", "bereavement"],
    "urgency": ["struggling"],
    "why_now": ["Her husband died in the spring and she has stopped going out."],
    "hopes": ["Somebody to walk with."],
    "consent_method": ["face_to_face"],
    "share_back": ["everything"],
}
KNOWN_NHS_NUMBER = "9990000026"
LONG_NOTE = "We talked for an hour about the allotment, the bus that no longer runs and what to do on Sundays. " * 12
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@dataclass(frozen=True)
class Scene:
    """What there is to visit. `world` is the plain part of it."""

    world: World
    crisis: Referral  # new, with a risk on a visit
    hard: CaseFile  # long words and notes, an overdue follow-up, an appointment nobody wrote down
    codes_only: CaseFile
    closed: Referral
    declined: Referral
    withdrawn: Referral
    complete: ReferralDraft  # ready to be checked and sent
    namesake: ReferralDraft  # of somebody who may be known
    contradiction: ReferralDraft  # with somebody's NHS number and another birthday
    second_post: str  # the path of the colleague's invitation to another post
    withdrawn_invitation: str  # the path of one that no longer works


def build_scene(
    *, practice: Workplace, link_worker: User, colleague: User, practice_staff: User, manager: User
) -> Scene:
    """The scene around these of the cast, with more than a page of cases and of new referrals."""
    world = build_world(practice=practice, link_worker=link_worker, practice_staff=practice_staff, manager=manager)
    for number in range(31):
        person = PersonFactory(practice=practice, family_name=f"Whitfield-Armitage {number}")
        ReferralFactory(episode=EpisodeFactory(person=person, active=True, holder=link_worker))
        ReferralFactory(episode__person__practice=practice, submitted_by=practice_staff, urgency=Urgency.EARLY)
    invitation = invite(email="gone@example.test", name="Ben Gone", workplace=practice, role=Role.VOLUNTEER, by=manager)
    withdraw_invitation(invitation, by=manager)
    second_post = invite(
        email=colleague.email, name=colleague.name, workplace=practice, role=Role.VOLUNTEER, by=manager
    )
    answered = _referral(practice, practice_staff, "Beryl Cook")
    actions.decline(
        referral=answered, reason=DeclineReason.OUT_OF_AREA, note="Try the team at Headland.", by=link_worker
    )
    taken_back = _referral(practice, practice_staff, "Cyril Dent")
    actions.withdraw(referral=taken_back, note="He has moved to his daughter’s.", by=practice_staff)
    return Scene(
        world=world,
        crisis=_crisis(practice, practice_staff),
        hard=_hard(practice, link_worker, colleague),
        codes_only=_codes_only(practice, link_worker),
        closed=_closed(practice, practice_staff, link_worker),
        declined=answered,
        withdrawn=taken_back,
        complete=_draft(practice_staff),
        namesake=_draft(
            practice_staff, nhs_number="", given_name="Arthur", family_name="Bell", date_of_birth="11 2 1946"
        ),
        contradiction=_draft(practice_staff, nhs_number=KNOWN_NHS_NUMBER),
        second_post=second_post.path,
        withdrawn_invitation=invitation.path,
    )


def _referral(practice: Workplace, by: User, name: str, **person: object) -> Referral:
    given_name, family_name = name.split()
    return ReferralFactory(
        episode__person__practice=practice,
        episode__person__given_name=given_name,
        episode__person__family_name=family_name,
        submitted_by=by,
        reasons=[Reason.LONELINESS, Reason.FOOD_FUEL, Reason.LONG_TERM_CONDITION],
        **{f"episode__person__{field}": value for field, value in person.items()},
    )


def _draft(owner: User, **changes: str) -> ReferralDraft:
    answers = ANSWERS | {name: [value] for name, value in changes.items()}
    return actions.save_draft(draft_id=uuid.uuid4(), by=owner, answers=answers)


def _crisis(practice: Workplace, by: User) -> Referral:
    referral = _referral(
        practice,
        by,
        "Jim Hartley",
        nhs_number=KNOWN_NHS_NUMBER,
        visit_risk=VisitRisk.RISK,
        risk_details="A large dog, not always tied up. Ring first.",
        safe_contact="Leave no messages: his son reads them.",
        language="Sylheti",
        needs_interpreter=True,
    )
    Referral.objects.filter(pk=referral.pk).update(
        urgency=Urgency.CRISIS, why_now=LONG_NOTE, waiting_since=ago(days=15), submitted_at=ago(days=15)
    )
    return referral


def _hard(practice: Workplace, holder: User, colleague: User) -> CaseFile:
    file = case_file(
        practice,
        holder,
        given_name="محمد عبد الرحمن",
        family_name=UNBROKEN,
        known_as="Dampf 🚢",
        phone="07700 900456",
        email=f"{UNBROKEN[:60].lower()}@example.test",
        address="Flat 12\nThe Old Maltings\nSt Albans",
        postcode="AL1 1AA",
        contact_ways=[ContactWay.PHONE, ContactWay.TEXT, ContactWay.EMAIL],
        visit_risk=VisitRisk.RISK,
        risk_details="The stairs are steep and unlit.",
        safe_contact="Ring after ten.",
        access_needs="Hearing aid in the left ear. Large print.",
    )
    episode = file.episode
    episode.complexity, episode.what_matters = Complexity.COMPLEX, "To be on the river again."
    episode.save()
    FollowUpFactory(episode=episode, what=f"Ring about {UNBROKEN}", due_on=timezone.localdate() - dt.timedelta(days=9))
    AppointmentFactory(episode=episode, starts_at=ago(days=2), place="The Maltings, room 4")
    AppointmentFactory(episode=episode, starts_at=ago(days=3), cancelled_at=ago(days=4), cancelled_by=holder)
    contact = CareContactFactory(episode=episode, note=LONG_NOTE, happened_at=ago(days=4), minutes=60)
    actions.amend_contact(
        contact=contact, note=LONG_NOTE[:300], reason="Half of it was about somebody else", by=colleague
    )
    MessageBackFactory(episode=episode, text=LONG_NOTE)
    return file


def _codes_only(practice: Workplace, holder: User) -> CaseFile:
    file = case_file(practice, holder, given_name="Nadia", family_name="Haddad")
    episode = file.episode
    actions.change_consent(episode=episode, share_back=ShareBack.CODES, by=holder)
    MessageBackFactory(episode=episode, share_back=ShareBack.CODES)
    return file


def _closed(practice: Workplace, by: User, holder: User) -> Referral:
    person = PersonFactory(practice=practice, given_name="Olive", family_name="Tanner")
    episode = EpisodeFactory(person=person, active=True, holder=holder)
    referral = ReferralFactory(episode=episode, submitted_by=by)
    actions.close(
        episode=episode, outcome="connected", note="Goes on Tuesdays.", letter="Olive walks with a group.", by=holder
    )
    return referral
