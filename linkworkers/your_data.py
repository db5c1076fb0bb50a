"""Everything that is kept about whoever asks: the list of its parts, and the pages that show and hand it out."""

from collections.abc import Callable, Iterator

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from directory import exports as directory
from events.exports import after as events_after
from events.exports import bookings as events_bookings
from events.exports import contributions as events_contributions
from events.exports import speakers as events_speakers
from linkworkers.audit.actions import record
from linkworkers.audit.models import AuditEvent
from linkworkers.export import Row, Section, write_zip
from linkworkers.limits import allows
from linkworkers.outbox.models import Message
from members import exports as members
from members import exports_learning
from members.exports import Lazy
from members.http import Request
from members.models import User
from volunteers.exports import cover, expenses, thanks, volunteering


def mails(user: User) -> Section:
    return Section(
        key="mails",
        title="Mails we sent you",
        why="To deliver each once, and to know that it was delivered.",
        rows=Lazy(_mails, user),
    )


def _mails(user: User) -> Iterator[Row]:
    for message in Message.objects.filter(to=user.email).order_by("created_at").iterator(chunk_size=500):
        yield {"subject": message.subject, "written": message.created_at, "sent": message.sent_at}


def trail(user: User) -> Section:
    return Section(
        key="trail",
        title="What you did here, and what was done with your account",
        why="To answer for every change and every look. It only grows: nothing is removed from it.",
        rows=Lazy(_trail, user),
    )


def _trail(user: User) -> Iterator[Row]:
    """Without names of others and without the numbers of people referred: those are not this person's."""
    about = Q(subject_type="members.user", subject_id=str(user.pk))
    for event in AuditEvent.objects.filter(Q(actor_id=user.pk) | about).order_by("at").iterator(chunk_size=500):
        yield {
            "at": event.at,
            "who": "You" if event.actor_id == user.pk else "Somebody else, or the system",
            "what": event.verb.replace(".", " ").replace("_", " "),
            "from the address": event.address if event.actor_id == user.pk else None,
        }


# A part is a line. A test asks that every foreign key to a person is in one, or left out for a reason.
SECTIONS: tuple[Callable[[User], Section], ...] = (
    members.account,
    members.membership,
    members.profile,
    members.letters,
    members.communities,
    members.mail_choices,
    exports_learning.learning,
    exports_learning.supervision,
    exports_learning.courses,
    directory.collections,
    volunteering.volunteering,
    volunteering.volunteer_checks,
    volunteering.shifts,
    cover.cover,
    thanks.steps,
    thanks.trainings,
    thanks.thanks,
    thanks.calendar,
    expenses.expenses,
    events_bookings.tickets,
    events_bookings.bookings,
    events_bookings.duties,
    events_speakers.speaking,
    events_contributions.contributions,
    events_contributions.reviews,
    events_after.reflections,
    mails,
    trail,
)

# Foreign keys to a person that are not in the download, and why.
BY_OTHERS = "it says who of the office or of a team did something; the trail has what you did"
LEFT_OUT = {
    "events.checkin.by": BY_OTHERS,
    "events.scan.by": BY_OTHERS,
    "events.reflection.decided_by": BY_OTHERS,
    "events.event.cancelled_by": BY_OTHERS,
    "events.event.created_by": BY_OTHERS,
    "events.ticket.ended_by": BY_OTHERS,
    "events.tickettransfer.by": BY_OTHERS,
    "members.membership.approved_by": BY_OTHERS,
    "members.seat.offered_by": BY_OTHERS,
    "members.invoice.created_by": BY_OTHERS,
    "members.payment.recorded_by": BY_OTHERS,
    "members.creditnote.by": BY_OTHERS,
    "members.invitation.invited_by": BY_OTHERS,
    "members.topic.hidden_by": BY_OTHERS,
    "members.reply.hidden_by": BY_OTHERS,
    "members.libraryitem.removed_by": BY_OTHERS,
    "members.flag.author": "who reported somebody, and that they did, is between them and the moderators",
    "members.flag.decided_by": BY_OTHERS,
    "members.moderationentry.by": BY_OTHERS,
    "members.vacancy.decided_by": BY_OTHERS,
    "members.articleversion.by": BY_OTHERS,
    "members.bankfile.by": BY_OTHERS,
    "members.bankline.by": BY_OTHERS,
    "members.storedfile.by": "a file is given with whatever it belongs to",
    "events.contribution.decided_by": BY_OTHERS,
    "volunteers.booking.booked_by": BY_OTHERS,
    "volunteers.booking.cancelled_by": BY_OTHERS,
    "volunteers.check.by": BY_OTHERS,
    "volunteers.clinic.link_worker": "it says who stands behind a clinic, as every page of that clinic does",
    "volunteers.clinicsession.cancelled_by": BY_OTHERS,
    "volunteers.coverrequest.closed_by": BY_OTHERS,
    "volunteers.exitanswer.by": BY_OTHERS,
    "volunteers.expenseclaim.decided_by": BY_OTHERS,
    "volunteers.expenseclaim.paid_by": BY_OTHERS,
    "volunteers.extrahours.answered_by": BY_OTHERS,
    "volunteers.healthanswer.by": BY_OTHERS,
    "volunteers.paymentlist.made_by": BY_OTHERS,
    "volunteers.paymentlist.paid_by": BY_OTHERS,
    "volunteers.shift.created_by": BY_OTHERS,
    "volunteers.shift.ended_by": BY_OTHERS,
    "volunteers.stagechange.by": BY_OTHERS,
    "volunteers.swap.decided_by": BY_OTHERS,
    "volunteers.thankyouletter.by": BY_OTHERS,
    "volunteers.training.cancelled_by": BY_OTHERS,
    "volunteers.training.created_by": BY_OTHERS,
    "volunteers.trainingplace.marked_by": BY_OTHERS,
    "volunteers.volunteerreference.asked_by": BY_OTHERS,
    "volunteers.volunteerreference.volunteer": "what a referee wrote was written in confidence",
    "members.block.whom": "who blocked somebody is told nobody: it is the other's own choice",
}


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(allow_get=True)
def your_data(request: Request) -> HttpResponseBase:
    """What is kept and why; a POST hands out everything, to whoever has just shown that it is them."""
    sections = [make(request.user) for make in SECTIONS]
    too_many = False
    if request.method == "POST":
        too_many = not allows(request, "your_data", request.user.pk)
        if not too_many:
            return _download(request, sections)
    context = {"sections": sections, "known": did_recently_reauthenticate(request), "too_many": too_many}
    return render(request, "members/your_data.html", context, status=429 if too_many else 200)


def _download(request: Request, sections: list[Section]) -> HttpResponse | FileResponse:
    today = timezone.localdate()
    record("account.data_downloaded", by=request.user, subject=request.user, request=request)
    made = write_zip(sections, name=str(request.user), on=date_format(today))
    return FileResponse(made, as_attachment=True, filename=f"about-me-{today:%Y-%m-%d}.zip")
