"""Keeping listings true: what somebody found when they checked, and the three letters to the owner."""

import datetime as dt
from email.utils import parseaddr
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from directory import emails, permissions
from directory.actions._common import touch
from directory.links import StillRight
from directory.models import ASK_AFTER, Assurance, Service, Suggestion
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

BETWEEN_LETTERS = relativedelta(weeks=3)
LETTERS = 3
LISTINGS_IN_A_LETTER = 100  # an owner of more is asked about the others on the next days
ADDRESSES_AT_ONCE = 500

How, Outcome, Status = Service.How, Assurance.Outcome, Service.Status


@transaction.atomic
def assure(
    *, service: Service, by: User | None, how: str, outcome: str, note: str = "", for_good: bool = False
) -> Service:
    """Records that somebody checked a listing today and what they found, and shows it at once.

    FULL marks it full, OPEN says that it has room, and RIGHT leaves that as it is; all three open again what was closed
    for now. CLOSED closes it for now; `for_good` says that it has ended, which its owner or the office may decide: from
    anybody else it closes for now and leaves the office a suggestion. Undoing one is the next. The letters to the owner
    begin anew.

    `by` is None when the owner answered through a link. Raises PermissionDenied, and Refused when it is not listed.
    """
    locked = Service.objects.select_for_update(of=("self",)).select_related("organization").get(pk=service.pk)
    decides = by is None or permissions.can_keep(by, locked.organization) or permissions.can_moderate(by)
    if by is not None and not permissions.can_assure(by, locked):
        raise PermissionDenied
    if how == How.FEED or (how == How.OWNER and not decides):
        raise PermissionDenied
    if not locked.is_listed:
        raise Refused(f"{locked} is not in the directory any more. Write to the office if it runs again.")
    today = timezone.localdate()
    if outcome == Outcome.CLOSED:
        locked.status = Status.DEFUNCT if for_good and decides else Status.TEMPORARILY_CLOSED
    else:
        locked.status = Status.ACTIVE
        if outcome != Outcome.RIGHT:
            locked.full_since = today if outcome == Outcome.FULL else None
    locked.assured_date, locked.assured_how, locked.assured_by = today, how, by
    locked.assurer_email = assurer_address(locked, how)
    locked.letters_sent, locked.last_letter_on = 0, None
    locked.save()
    Assurance.objects.create(service=locked, on=today, how=how, outcome=outcome, by=by, note=note)
    if by is not None and outcome == Outcome.CLOSED and for_good and not decides:
        text = f"It has closed for good. {note}".strip()
        Suggestion.objects.create(service=locked, text=text, name=str(by), email=by.email, by=by)
    facts = {"how": how, "outcome": outcome, "ended": not locked.is_listed}
    record("service.assured", by=by, subject=locked, facts=facts)
    touch(locked)
    return locked


def assurer_address(service: Service, how: str) -> str:
    """The standard's assurer_email, which goes out as open data and so is never a worker's own address: the listing's
    when its owner said so, the association's otherwise.
    """
    return (how == How.OWNER and address_of(service)) or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def address_of(service: Service) -> str:
    """Where the listing's owner is written to; "" when the listing names no address."""
    return service.email or service.organization.email


@transaction.atomic
def answer_letter(link: StillRight, *, outcome: str, for_good: bool = False) -> tuple[Service, bool]:
    """What the owner says through the link of a letter. Returns the listing, and whether this answer was the first.

    Once the listing has been checked since the letter was written nothing changes. Raises Refused when the link has
    expired, and when the listing is gone from the directory. Raises Service.DoesNotExist.
    """
    # Two clicks take turns here, and the second finds that the clock has moved on.
    locked = Service.objects.select_for_update(of=("self",)).select_related("organization").get(pk=link.service_id)
    if locked.clock_starts != link.clock:
        return locked, False
    if link.expired:
        raise Refused("This link has expired. Ask for a new one.")
    return assure(service=locked, by=None, how=How.OWNER, outcome=outcome, for_good=for_good), True


@transaction.atomic
def send_new_link(link: StillRight) -> Service:
    """Mails the listing's address a link for one that has expired: once a day. Returns the listing.

    Raises Refused when the listing has no address or has left the directory, and Service.DoesNotExist.
    """
    service = Service.objects.select_related("organization").get(pk=link.service_id)
    if not service.is_listed or not address_of(service):
        raise Refused("There is no address to send a link to. Tell us with “Suggest a change” on the listing’s page.")
    emails.listing_link(service, to=address_of(service))
    return service


def ask_owners() -> int:
    """Writes the letters that are due: at six months without a check, and twice more, three weeks apart.

    Each address gets one letter about all its listings that are due. How many letters went out is kept with the
    listing: run twice, it writes once; a run that was missed is made up for by one letter. Returns how many.
    """
    written, last = 0, ""
    while addresses := list(
        due().filter(to__gt=last).values_list("to", flat=True).distinct().order_by("to")[:ADDRESSES_AT_ONCE]
    ):
        written += sum(_ask_owner(address) for address in addresses)
        last = addresses[-1]
    return written


def due() -> QuerySet[Any]:
    """Running listings with an address (`to`, in lower case) whose owner has a letter to come today.

    Letters from before the last check, whoever recorded that, do not count.
    """
    today = timezone.localdate()
    day = today - ASK_AFTER
    aged = Q(assured_date__lte=day) | Q(assured_date=None, created_at__lt=_end_of(day))
    first = Q(letters_sent=0) | Q(last_letter_on=None) | Q(last_letter_on__lte=F("assured_date"))
    next_one = Q(letters_sent__lt=LETTERS, last_letter_on__lte=today - BETWEEN_LETTERS)
    return (
        Service.objects.filter(aged, first | next_one, status=Status.ACTIVE)
        .annotate(to=Lower(Coalesce(NullIf("email", Value("")), "organization__email")))
        .exclude(to="")
    )


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


@transaction.atomic
def _ask_owner(address: str) -> int:
    """One letter to one address; none when another run is writing it just now. Returns how many."""
    asked = list(
        due()
        .filter(to=address)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organization")
        .order_by("pk")[:LISTINGS_IN_A_LETTER]
    )
    for service in asked:
        begins_anew = service.last_letter_on is None or service.last_letter_on <= service.clock_starts
        service.letters_sent = 1 if begins_anew else service.letters_sent + 1
        service.last_letter_on = timezone.localdate()
    Service.objects.bulk_update(asked, ["letters_sent", "last_letter_on"])
    if asked:
        emails.still_right(asked, to=address)
    return 1 if asked else 0
