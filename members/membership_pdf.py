"""The certificate and the card of a membership, with the code by which anybody can check it."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator

from linkworkers.pdf import FACE, GREEN, INK, MUTED, Drawn, Page
from members.models import Association, Membership

CARD = (85.6, 54.0)  # millimetres, ISO/IEC 7810 ID-1
LONGEST_NAME = 80  # letters; the number tells whose it is


def check_link(membership: Membership) -> str:
    return f"{settings.SITE_URL}{reverse('verify', args=[membership.number])}"


def covered_until(membership: Membership) -> str:
    """The last covered day in words, of one's own terms or of the employer's whose seat it is."""
    ends = [each.ends_on for each in (membership, membership.sponsor) if each and each.ends_on]
    if any(each.for_life for each in (membership, membership.sponsor) if each):
        return "for life"
    return date_format(max(ends)) if ends else ""


def certificate_pdf(membership: Membership) -> bytes:
    """One page of A4 upright: who belongs, as what, and until when."""
    association = Association.get()
    holder = Truncator(membership.holder).chars(LONGEST_NAME, truncate="…")
    plan = membership.sponsor.organization_name if membership.sponsor else membership.plan.name
    drawn = Drawn("".join([association.name, holder, plan, association.address]))
    until = covered_until(membership)
    pdf = Page(drawn(f"{association.name}{holder}{plan}{association.address}"), footer_text="")
    pdf.set_title(f"Certificate of membership {membership.number}")
    pdf.set_lang("en-GB")
    pdf.set_draw_color(*GREEN)
    pdf.set_line_width(1.2)
    pdf.rect(12, 12, pdf.w - 24, pdf.h - 24)
    pdf.set_y(48)
    for text, size, bold, colour, after in (
        (drawn(association.name), 16, True, GREEN, 22),
        ("Certificate of membership", 30, True, INK, 18),
        ("This is to certify that", 14, False, MUTED, 5),
        (drawn(holder), 26, True, INK, 7),
        (f"belongs to the association{' for life' if until == 'for life' else f' until {until}'}.", 14, False, INK, 14),
        (drawn(f"Through {plan}" if membership.sponsor else plan), 13, False, INK, 2),
        (f"Member number {membership.number}", 13, True, INK, 0),
    ):
        pdf.set_text_color(*colour)
        centred(pdf, text, size, bold=bold, after=after)
    side = 34.0
    pdf.draw_code(check_link(membership), x=(pdf.w - side) / 2, y=pdf.h - 86, side=side)
    pdf.set_y(pdf.h - 48)
    pdf.set_text_color(*MUTED)
    centred(pdf, f"Check it at {check_link(membership)}", 10)
    return bytes(pdf.output())


def card_pdf(membership: Membership) -> bytes:
    """One page of a bank card's size, to be printed or kept on a telephone."""
    association = Association.get()
    holder = Truncator(membership.holder).chars(LONGEST_NAME // 2, truncate="…")
    drawn = Drawn(association.name + holder)
    pdf = Page(drawn(association.name + holder), footer_text="", size=CARD)
    pdf.set_margins(6, 6, 32)
    pdf.set_title(f"Membership card {membership.number}")
    pdf.set_lang("en-GB")
    pdf.set_fill_color(*GREEN)
    pdf.rect(0, 0, pdf.w, 13, style="F")
    pdf.set_xy(6, 4)
    pdf.set_right_margin(6)
    pdf.set_text_color(255, 255, 255)
    pdf.write_block(drawn(association.name), size=10, bold=True, after=0)
    pdf.set_right_margin(32)
    pdf.set_xy(6, 19)
    pdf.set_text_color(*INK)
    pdf.write_block(drawn(holder), size=12, bold=True, after=1.5)
    pdf.write_block(membership.number, size=11, after=1.5)
    pdf.set_text_color(*MUTED)
    until = covered_until(membership)
    pdf.write_block("For life" if until == "for life" else f"Until {until}", size=9, after=0)
    side = 24.0
    pdf.draw_code(check_link(membership), x=pdf.w - side - 5, y=19, side=side)
    return bytes(pdf.output())


def centred(pdf: Page, text: str, size: float, *, bold: bool = False, after: float = 0) -> None:
    """A paragraph in the middle of the page, then `after` millimetres of room."""
    pdf.set_font(FACE, "B" if bold else "", size)
    pdf.write_line(text, size * 0.5, align="C")
    pdf.ln(after)
