"""The message back as the practice reads it: lines to paste, and a letter to file."""

from dataclasses import dataclass

from django.utils import timezone

from linkworkers.pdf import letter_pdf
from referrals.models import MessageBack
from referrals.models.episode import ShareBack


@dataclass(frozen=True)
class Letter:
    """The parts of a message back. Beyond name, birthday and number, `paragraphs` hold only what may be shared."""

    title: str
    sender: str
    recipient: str
    date: str
    about: list[tuple[str, str]]
    paragraphs: list[str]
    codes: list[str]

    @property
    def pasteable(self) -> str:
        """Plain text for the practice's own record: the codes first, for they are what is counted."""
        head = [f"{self.title} ({self.date}), {self.sender}"]
        return "\n".join([*head, *self.codes, *self.paragraphs])


def compose(message: MessageBack) -> Letter:
    """The letter of a message loaded with its episode, person, network, practice, `by` and coded entries."""
    episode, person = message.episode, message.episode.person
    sent = timezone.localtime(message.created_at)
    number = person.nhs_number
    about = [
        ("Name", str(person)),
        ("Date of birth", f"{person.date_of_birth.day} {person.date_of_birth:%B %Y}"),
        *([("NHS number", f"{number[:3]} {number[3:6]} {number[6:]}")] if number else []),
        ("Reference", episode.reference),
    ]
    paragraphs = [message.text] if message.text else []
    if message.share_back == ShareBack.CODES:
        paragraphs = []
    return Letter(
        title=f"Social prescribing: {message.get_kind_display().lower()}",
        sender=f"{message.by}, {episode.network}",
        recipient=str(message.practice),
        date=f"{sent.day} {sent:%B %Y}",
        about=about,
        paragraphs=paragraphs,
        codes=[
            f"{entry.get_code_display()} (SNOMED CT {entry.code}), {_day(entry.recorded_at)}"
            for entry in message.coded_entries.all()
        ],
    )


def _day(moment) -> str:  # type: ignore[no-untyped-def]
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y}"


def as_pdf(message: MessageBack) -> bytes:
    """The letter on A4."""
    letter = compose(message)
    return letter_pdf(
        title=letter.title,
        sender=letter.sender,
        recipient=letter.recipient,
        date=letter.date,
        about=letter.about,
        paragraphs=letter.paragraphs,
        codes=letter.codes,
    )
