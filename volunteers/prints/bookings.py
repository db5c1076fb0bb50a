"""Papers of bookings: the slip that a person takes home, the front desk's list, the volunteer's sheet of the day."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from linkworkers.pdf import FACE, GREEN, INK, MUTED, Drawn, Page
from volunteers.models import Booking, ClinicSession

TIME_WIDTH = 26  # millimetres


def day_in_words(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%A} {local.day} {local:%B %Y}"


def clock(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def slip_pdf(booking: Booking) -> bytes:
    """A6, in large print, for the person's pocket: when, where, with whom and whom to ring. Neither their name nor what
    it is about. Needs the session with its room and practice, and the shift's volunteer.
    """
    session = booking.session
    practice = session.clinic.practice
    phone = practice.phone.replace(" ", "\N{NO-BREAK SPACE}")  # a number stays on one line
    lines = [
        (day_in_words(booking.starts_at), 16.0, True),
        (clock(booking.starts_at), 30.0, True),
        (str(practice), 15.0, True),
        (str(session.room) if session.room else "", 14.0, True),
        (session.room.directions if session.room else "", 13.0, False),
        (f"You will see {booking.shift.volunteer.short_name}." if booking.shift else "", 14.0, False),
        (f"If you cannot come, please ring {phone or 'the practice'}.", 13.0, False),
    ]
    everything = "".join(text for text, _, _ in lines)
    drawn = Drawn(everything)
    pdf = Page(everything + "Your appointment", footer_text="", size=(105, 148))
    pdf.set_title("Your appointment")
    pdf.set_lang("en-GB")
    pdf.set_margins(9, 9, 9)
    pdf.set_xy(9, 9)
    pdf.set_auto_page_break(True, margin=8)  # a long name runs onto a second slip rather than off the paper
    pdf.set_text_color(*GREEN)
    pdf.write_block("Your appointment", size=14, bold=True, after=4)
    pdf.set_text_color(*INK)
    for text, size, bold in lines:
        if text:
            pdf.write_block(drawn(text), size=size, bold=bold, after=2.5)
    return bytes(pdf.output())


def desk_pdf(day: dt.date, rows: Sequence[tuple[str, str, str]], *, title: str) -> bytes:
    """A4 for the front desk: who comes when, where to, and what they need at the door. `rows` are time, name, and the
    rest in a line.
    """
    heading = f"{day:%A} {day.day} {day:%B %Y}"
    everything = "".join([title, *(part for row in rows for part in row)])
    drawn = Drawn(everything)
    pdf = Page(everything, footer_text=f"{heading} · Put this into the confidential waste at the end of the day")
    _head(pdf, "Clinic list for the front desk", f"{drawn(title)} · {heading}")
    for time, name, rest in rows:
        _row(pdf, time, drawn(name), drawn(rest))
    if not rows:
        pdf.write_block("Nobody is booked on this day.")
    return bytes(pdf.output())


def sheet_pdf(
    day: dt.date, sessions: Iterable[tuple[ClinicSession, list[str], list[Booking]]], *, volunteer: str
) -> bytes:
    """A4 for a volunteer on a session: where to be, what to know, who else is on, and whom they see, by first name and
    initial. `sessions` has each session, the names of those on it, and this volunteer's own bookings in it.
    """
    sessions = list(sessions)
    heading = f"{day:%A} {day.day} {day:%B %Y}"
    texts = [volunteer]
    for session, names, bookings in sessions:
        people = [booking.referral.episode.person for booking in bookings]
        clinic = session.clinic
        texts += [str(clinic.practice), str(session.room or ""), session.room.directions if session.room else ""]
        texts += [clinic.name, clinic.need_to_know, session.note, *names]
        texts += [part for person in people for part in (person.initialled, person.language, person.access_needs)]
    everything = "".join(texts)
    drawn = Drawn(everything)
    pdf = Page(everything, footer_text=f"{drawn(volunteer)} · {heading}")
    _head(pdf, "Your sheet for the day", f"{drawn(volunteer)} · {heading}")
    pdf.write_block(
        "This paper is about people. Keep it on you, show it to nobody, and before you leave put it into the "
        "confidential waste at the practice.",
        bold=True,
        after=5,
    )
    for session, names, bookings in sessions:
        clinic, room = session.clinic, session.room
        pdf.set_text_color(*GREEN)
        pdf.write_block(
            drawn(f"{clock(session.starts_at)} to {clock(session.ends_at)}, {clinic.name}"), size=14, bold=True
        )
        pdf.set_text_color(*INK)
        where = ". ".join(filter(None, [str(clinic.practice), str(room or ""), room.directions if room else ""]))
        pdf.write_block(drawn(where))
        pdf.write_block(drawn(f"On today: {', '.join(names)}"))
        for text in filter(None, [clinic.need_to_know, session.note]):
            for line in text.splitlines():
                pdf.write_block(drawn(line), after=1)
            pdf.ln(2)
        pdf.write_block("Whom you see", size=12.5, bold=True)
        for booking in bookings:
            person = booking.referral.episode.person
            needs = [person.access_needs] if person.access_needs else []
            if person.needs_interpreter:
                needs.insert(0, f"Interpreter{f': {person.language}' if person.language else ''}")
            _row(pdf, clock(booking.starts_at), drawn(person.initialled), drawn(" · ".join(needs)))
        if not bookings:
            pdf.write_block("Nobody is booked with you.")
        pdf.ln(4)
    return bytes(pdf.output())


def _head(pdf: Page, title: str, under: str) -> None:
    pdf.set_title(title)
    pdf.set_lang("en-GB")
    pdf.set_text_color(*GREEN)
    pdf.write_block(title, size=18, bold=True, after=1)
    pdf.set_text_color(*MUTED)
    pdf.write_block(under, after=5)
    pdf.set_text_color(*INK)


def _row(pdf: Page, time: str, name: str, rest: str) -> None:
    if pdf.will_page_break(14):
        pdf.add_page()
    pdf.set_font(FACE, "B", 12.5)
    pdf.set_text_shaping(False)
    pdf.cell(TIME_WIDTH, 6.5, time)
    left = pdf.l_margin
    pdf.set_left_margin(left + TIME_WIDTH)
    pdf.write_line(name, 6.5)
    for line in rest.splitlines():
        pdf.set_font(FACE, "", 11)
        pdf.write_line(line, 5.5)
    pdf.set_left_margin(left)
    pdf.set_x(left)
    pdf.ln(2.5)
