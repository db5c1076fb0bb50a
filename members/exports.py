"""What members keeps about a person, for whoever asks for everything about themselves: a function for each concept.

Rows are read when the section is written, so that listing the sections costs nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.urls import reverse

from linkworkers.export import Row, Section
from members.mail_kinds import KINDS
from members.models import (
    Block,
    Community,
    Flag,
    Following,
    Invitation,
    Invoice,
    LibraryItem,
    MailChoice,
    MemberLetter,
    Membership,
    Moderator,
    Payment,
    Post,
    Profile,
    Reply,
    Seat,
    Term,
    Topic,
    TopicWish,
    User,
)


class Lazy:
    """Rows that are asked for when somebody goes through them."""

    def __init__(self, rows: Callable[[User], Iterator[Row]], user: User) -> None:
        self.rows, self.user = rows, user

    def __iter__(self) -> Iterator[Row]:
        return self.rows(self.user)


def account(user: User) -> Section:
    return Section(
        key="account",
        title="Your account and your posts",
        why="To log in, and because what you can see here follows from your posts. Kept while you have an account; a "
        "post that ended is kept as a fact.",
        rows=Lazy(_account, user),
        covers=frozenset({"members.post.user"}),
        change=("Change your name, address or password", reverse("account")),
    )


def _account(user: User) -> Iterator[Row]:
    yield {"name": user.name, "e-mail address": user.email, "since": user.date_joined, "last log-in": user.last_login}
    for address in EmailAddress.objects.filter(user=user):
        yield {"address": address.email, "confirmed": address.verified, "used": address.primary}
    for factor in Authenticator.objects.filter(user=user):
        yield {"second factor": factor.get_type_display(), "set up": factor.created_at, "used": factor.last_used_at}
    for post in Post.objects.filter(user=user).select_related("workplace"):
        yield {
            "post": post.get_role_display(),
            "workplace": str(post.workplace),
            "from": post.start_date,
            "last day": post.end_date,
            "WTE": post.wte,
        }
    for invitation in Invitation.objects.filter(email=user.email).select_related("workplace"):
        yield {
            "invitation": invitation.get_role_display(),
            "workplace": str(invitation.workplace),
            "sent": invitation.created_at,
            "accepted": invitation.accepted_at,
        }


def membership(user: User) -> Section:
    return Section(
        key="membership",
        title="Your membership, invoices and payments",
        why="To know that you belong, and since when. Invoices and payments are kept for six years after the end of "
        "the year they are in, because tax law asks for it.",
        rows=Lazy(_membership, user),
        covers=frozenset({"members.membership.user", "members.membership.contact", "members.invoice.buyer"}),
        change=("See your membership", reverse("members")),
    )


def _membership(user: User) -> Iterator[Row]:
    own = Membership.objects.filter(Q(user=user) | Q(contact=user)).select_related("plan", "sponsor", "user")
    for each in own:
        yield {
            "membership": each.number,
            "of": each.holder,
            "plan": str(each.plan),
            "region": each.get_region_display(),
            "applied": each.applied_at,
            "approved": each.approved_at,
            "last day": each.ends_on,
            "seat lent by": each.sponsor.organization_name if each.sponsor else "",
            "cancelled": each.cancelled_on,
            "why": each.cancel_reason,
            "billing address": each.billing_address,
            "purchase order": each.purchase_order,
            "what you told us": each.answer,
        }
    for term in Term.objects.filter(membership__in=own).select_related("plan"):
        yield {
            "term": str(term.plan),
            "from": term.start_date,
            "last day": term.end_date,
            "because": term.get_reason_display(),
        }
    seats = Seat.objects.filter(Q(email=user.email) | Q(member__user=user)).select_related("membership")
    for seat in seats:
        yield {
            "seat": seat.membership.organization_name,
            "offered": seat.offered_at,
            "accepted": seat.accepted_at,
            "ended": seat.ended_at,
        }
    invoices = Invoice.objects.filter(Q(membership__in=own) | Q(buyer=user))
    for invoice in invoices:
        yield {
            "invoice": invoice.number,
            "of": invoice.issued_on,
            "to": invoice.bill_to,
            "address": invoice.address,
            "e-mail": invoice.email,
            "total": invoice.total,
        }
    for payment in Payment.objects.filter(invoice__in=invoices):
        yield {
            "receipt": payment.number,
            "of": payment.received_on,
            "amount": payment.amount,
            "how": payment.get_method_display(),
            "payer": payment.payer,
            "reference": payment.reference,
        }


def profile(user: User) -> Section:
    return Section(
        key="profile",
        title="Your profile",
        why="What other members see of you, if you said so. Kept until you change it or leave.",
        rows=Lazy(_profile, user),
        covers=frozenset({"members.profile.user"}),
        change=("Change your profile", reverse("profile_edit")),
    )


def _profile(user: User) -> Iterator[Row]:
    for each in Profile.objects.filter(user=user).prefetch_related("interests"):
        yield {
            "what you do": each.headline,
            "about you": each.about,
            "interests": ", ".join(map(str, each.interests.all())),
            "listed": each.is_listed,
            "you last said yes": each.listed_at,
            "members may write": each.takes_letters,
            "changed": each.updated_at,
        }


def letters(user: User) -> Section:
    return Section(
        key="letters",
        title="Letters between you and other members, and your blocks",
        why="So that you and whoever you write with can read them. Kept until you leave; then what you wrote is taken "
        "back.",
        rows=Lazy(_letters, user),
        covers=frozenset(
            {
                "members.correspondence.first",
                "members.correspondence.second",
                "members.correspondence.begun_by",
                "members.memberletter.by",
                "members.memberletter.to",
                "members.block.by",
            }
        ),
        change=("See your letters", reverse("letters")),
    )


def _letters(user: User) -> Iterator[Row]:
    for letter in MemberLetter.objects.visible_to(user).select_related("by", "to").iterator(chunk_size=500):
        yield {
            "from": "You" if letter.by == user else letter.by.name_among_members,
            "to": "You" if letter.to == user else letter.to.name_among_members,
            "sent": letter.sent_at,
            "read": letter.read_at,
            "taken back": letter.taken_back_at,
            "about": letter.about,
            "text": letter.text,
        }
    for block in Block.objects.filter(by=user).select_related("whom"):
        yield {"you blocked": block.whom.name_among_members, "on": block.created_at}


def mail_choices(user: User) -> Section:
    return Section(
        key="mail-choices",
        title="Which mails you chose",
        why="So that you get the mails you want and no others. Kept until you change them or leave.",
        rows=Lazy(_mail_choices, user),
        covers=frozenset({"members.mailchoice.user"}),
        change=("Choose your mails", reverse("mail_choices")),
    )


def _mail_choices(user: User) -> Iterator[Row]:
    for choice in MailChoice.objects.filter(user=user):
        kind: Any = KINDS.get(choice.kind)
        yield {"mails": kind.label if kind else choice.kind, "how often": choice.get_frequency_display()}


def communities(user: User) -> Section:
    return Section(
        key="communities",
        title="What you wrote and added in communities",
        why="For other members to read. It stays when you leave, without your name, unless you take it with you.",
        rows=Lazy(_communities, user),
        covers=frozenset(
            {
                "members.topic.author",
                "members.reply.author",
                "members.libraryitem.by",
                "members.topicwish.user",
                "members.following.user",
                "members.moderator.user",
                "members.flag.by",
                "members.community.asked_by",
            }
        ),
        change=("Open the communities", reverse("communities")),
    )


def _communities(user: User) -> Iterator[Row]:
    for topic in Topic.objects.filter(author=user).select_related("community").order_by("pk").iterator(200):
        yield {"community": str(topic.community), "topic": topic.title, "text": topic.text, "written": topic.written_at}
    for reply in Reply.objects.filter(author=user).select_related("topic").order_by("pk").iterator(200):
        yield {"reply in": reply.topic.title, "text": reply.text, "written": reply.written_at}
    items = LibraryItem.objects.filter(by=user).select_related("community", "file").defer("file__content")
    for item in items.order_by("pk").iterator(200):
        file = item.file.name if item.file else "taken out"
        yield {"community": str(item.community), "title": item.title, "about": item.about, "file": file}
    for wish in TopicWish.objects.filter(user=user).select_related("topic"):
        yield {"you want to do too": wish.topic.title, "what you said": wish.note, "on": wish.created_at}
    for following in Following.objects.filter(user=user).select_related("community", "topic"):
        yield {"follows": str(following.community or following.topic), "stopped": following.is_muted}
    for post in Moderator.objects.filter(user=user).select_related("community"):
        yield {"moderator of": str(post.community), "from": post.start_date, "last day": post.end_date}
    for flag in Flag.objects.filter(by=user):
        yield {"you reported": flag.title, "why": flag.get_reason_display(), "in your words": flag.text}
    for asked in Community.objects.filter(asked_by=user):
        yield {"community you asked for": str(asked), "about": asked.purpose}
