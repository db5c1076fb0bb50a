"""A small world of rows for tests that visit every page: the cast's cases, letters and loose ends."""

import uuid
from dataclasses import dataclass

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.http import HttpRequest
from django.test import Client

from directory import actions
from directory.documents import document_of
from directory.factories import CollectionFactory, CollectionItemFactory, ConnectorFactory, make_listing
from directory.models import Collection, Connector, ImportRun, Service
from members.actions import invite
from members.actions.moderation import moderate_topic
from members.factories_communities import (
    FlagFactory,
    LibraryItemFactory,
    ReplyFactory,
    TopicFactory,
    make_member,
    make_moderator,
    regional,
)
from members.models import Article, Invitation, Post, Region, Role, Topic, User, Vacancy, Workplace
from members.tests.vacancy_factories import make_article, make_vacancy
from referrals.actions import save_draft
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    InformationRequestFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralFactory,
)
from referrals.models import Appointment, CareContact, Episode, FollowUp, MessageBack, Referral, ReferralDraft


@dataclass(frozen=True)
class CaseFile:
    """An active case with one of everything that a link worker records in it."""

    episode: Episode
    referral: Referral
    contact: CareContact
    appointment: Appointment
    follow_up: FollowUp
    message: MessageBack


def case_file(practice: Workplace, holder: User, **person: object) -> CaseFile:
    """A case of somebody registered at `practice`, in the hands of `holder`."""
    episode = EpisodeFactory(person=PersonFactory(practice=practice, **person), active=True, holder=holder)
    return CaseFile(
        episode=episode,
        referral=ReferralFactory(episode=episode),
        contact=CareContactFactory(episode=episode),
        appointment=AppointmentFactory(episode=episode),
        follow_up=FollowUpFactory(episode=episode),
        message=MessageBackFactory(episode=episode),
    )


@dataclass(frozen=True)
class World:
    """What `practice_staff` and `link_worker` of the cast have in hand, and one case beside it."""

    case: CaseFile
    neighbour: CaseFile  # of the same network and holder, but of somebody else
    waiting: Referral  # with a question that the practice has not answered
    draft: ReferralDraft
    invitation: Invitation
    post: Post
    listing: Service
    collection: Collection  # the link worker's, with the listing in it, shared with the network
    connector: Connector  # of the network
    vacancy: Vacancy  # public
    guide_page: Article  # public
    news: Article  # a draft


def build_world(*, practice: Workplace, link_worker: User, practice_staff: User, manager: User) -> World:
    """The world around these four of the cast."""
    waiting = InformationRequestFactory(
        referral__episode__person__practice=practice,
        referral__submitted_by=practice_staff,
        asked_by=link_worker,
    ).referral
    collection = CollectionFactory(owner=link_worker, workplace=practice.parent)
    listing = make_listing()
    CollectionItemFactory(collection=collection, service=listing)
    ImportRun.objects.create(name="listings.json", by=manager)
    return World(
        case=case_file(practice, link_worker, given_name="Joan", family_name="Perry"),
        neighbour=case_file(practice, link_worker, given_name="Arthur", family_name="Bell"),
        waiting=waiting,
        draft=save_draft(draft_id=uuid.uuid4(), by=practice_staff, answers={"given_name": ["Moses"]}),
        invitation=invite(
            email="new@example.test", name="Ada Lord", workplace=practice, role=Role.PRACTICE_STAFF, by=manager
        ),
        post=practice_staff.posts.get(),
        listing=listing,
        collection=collection,
        connector=ConnectorFactory(workplace=practice.parent),
        vacancy=make_vacancy(by=manager),
        guide_page=make_article(),
        news=make_article(public=False, kind="news", section=""),
    )


def logged_in(user: User) -> Client:
    """A client of somebody who has just typed their password, as the pages about one's own account ask."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    reauthenticate_by_password(request)
    request.session.save()
    return client


def give_to(provider: User, listing: Service) -> None:
    """Makes the listing one of the provider's, with one of everything waiting for the office around it."""
    organization = listing.organization
    organization.workplace = provider.posts.get().workplace
    organization.save()
    actions.suggest(service=listing, text="It is on Tuesdays now.", by=None)
    actions.claim(service=listing, name="Kim Doe", email="kim@example.test", by=None)
    document = document_of(listing) | {"alert": "No meeting at Christmas."}
    actions.revise(service=listing, organization=organization, document=document, by=provider)


def talk(member: User) -> None:
    """In the East: a story with a reply, a file, and something that a moderator did; all the member's but a report."""
    east = regional(Region.EAST)
    topic = TopicFactory(community=east, author=member, kind=Topic.Kind.LEARNED, reply_count=1)
    reply = ReplyFactory(topic=topic, author=member)
    LibraryItemFactory(community=east, by=member)
    moderator = make_moderator(east, make_member())
    FlagFactory(about=reply, by=moderator.user)
    moderate_topic(topic, act="pinned", reason="For everybody to read.", by=moderator.user)
