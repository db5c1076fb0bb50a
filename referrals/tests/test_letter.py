"""The letter to the practice: who, what may be said, the codes; and the words in which answers are shown."""

import datetime as dt
import io

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import User, Workplace
from referrals import actions
from referrals.factories import EpisodeFactory, MessageBackFactory, PersonFactory, ReferralFactory
from referrals.forms import ReferralForm
from referrals.letter import as_pdf, compose
from referrals.models import CodedEntry, Episode, MessageBack, Referral
from referrals.summary import answers_in_words, referral_in_words, steps
from referrals.tests.steps import ANSWERS, logged_in, submit

pytestmark = pytest.mark.django_db

SUMMER = dt.datetime(2026, 7, 5, 23, 30, tzinfo=dt.UTC)  # half past midnight in London, on the 6th


@pytest.fixture
def letter(practice: Workplace, link_worker: User) -> MessageBack:
    person = PersonFactory(
        practice=practice, nhs_number="9990000018", family_name="Perry", date_of_birth=dt.date(1951, 5, 4)
    )
    episode = EpisodeFactory(person=person, active=True, holder=link_worker)
    ReferralFactory(episode=episode)
    return MessageBackFactory(episode=episode, created_at=SUMMER, text="She walks on Tuesdays.\n\nShe sleeps better.")


def code(message: MessageBack) -> None:
    facts = {"code": CodedEntry.Code.REFERRAL, "by": message.by, "recorded_at": SUMMER}
    CodedEntry.objects.create(episode=message.episode, message=message, **facts)


def text_of(message: MessageBack) -> str:
    """The words of the PDF, however its lines are broken."""
    pages = pypdf.PdfReader(io.BytesIO(as_pdf(message))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_letter_says_who_writes_to_whom_about_whom_and_when_in_london(letter):
    code(letter)
    made = compose(letter)
    assert made.title == "Social prescribing: news"
    assert made.sender == "Amara Okafor, Mid Herts Primary Care Network"
    assert (made.recipient, made.date) == ("The Maltings Surgery", "6 July 2026")
    assert made.about == [
        ("Name", "Joan Perry"),
        ("Date of birth", "4 May 1951"),
        ("NHS number", "999 000 0018"),
        ("Reference", letter.episode.reference),
    ]
    assert made.pasteable.splitlines() == [
        "Social prescribing: news (6 July 2026), Amara Okafor, Mid Herts Primary Care Network",
        "Referral to social prescribing service (SNOMED CT 871731000000106), 6 July 2026",
        "She walks on Tuesdays.",
        "",
        "She sleeps better.",
    ]


def test_the_pdf_says_the_same(letter):
    code(letter)
    text = text_of(letter)
    for words in (
        "To The Maltings Surgery",
        "Joan Perry",
        "4 May 1951",
        "999 000 0018",
        "She walks on Tuesdays.",
        "She sleeps better.",
        "To record, once",
        "(SNOMED CT 871731000000106)",
        f"{letter.episode.reference} Page 1",
    ):
        assert words in text


def test_a_letter_about_somebody_without_a_number_has_no_line_for_it(letter):
    letter.episode.person.nhs_number = None
    assert [label for label, _ in compose(letter).about] == ["Name", "Date of birth", "Reference"]
    assert "NHS number" not in text_of(letter)


def test_a_codes_only_letter_holds_no_word_of_text_even_if_one_were_stored(letter):
    code(letter)
    letter.share_back = "codes"  # the database would refuse to keep the text beside it
    assert compose(letter).paragraphs == []
    text = text_of(letter)
    assert "Tuesdays" not in text
    assert "871731000000106" in text


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "She said “شكرا” and smiled 🙂.", "Ελένη и Łukasz 中文 🏳️‍🌈", "\n\n"])
def test_a_letter_in_any_script_is_made(text, letter):
    letter.text = text
    letter.episode.person.given_name = text.strip() or "Joan"
    assert "Perry" in text_of(letter)


def test_the_file_is_named_without_the_person(letter, practice_staff):
    page = reverse("message_letter", args=[letter.episode.reference, letter.pk])
    response = logged_in(practice_staff).get(page)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{letter.episode.reference}-2026-07-05-update.pdf"'


def words_of(sections: list) -> dict[str, str]:
    return {answer.label: answer.text for _, answers in sections for answer in answers}


def test_answers_are_shown_in_words_and_empty_ones_left_out(practice, practice_staff):
    changes = {"needs_interpreter": "on", "language": "Polish", "visit_risk": "risk", "risk_details": "A loose dog."}
    form = ReferralForm(ANSWERS | changes, practices=[practice])
    assert form.is_valid()
    assert words_of(answers_in_words(form, practice_staff)) == {
        "NHS number": "999 000 0018",
        "First name": "Joan",
        "Last name": "Perry",
        "Date of birth": "4 May 1951",
        "Phone": "07700 900123",
        "Safe ways to get in touch": "Phone call",
        "Language": "Polish",
        "Interpreter": "Yes",
        "Risk for somebody who visits": "Yes, there is a risk",
        "What the risk is": "A loose dog.",
        "Reasons": "Loneliness, Bereavement",
        "How things are": "Struggling: it affects daily life",
        "Why now": "Her husband died in the spring.",
        "Consent": "They agreed, face to face",
        "The practice may be told": "How it is going, and the codes",
        "Practice": "The Maltings Surgery",
        "Referred by": "Janet Moss",
    }


def test_a_sent_referral_reads_as_it_was_checked(practice, practice_staff):
    referral = submit(practice_staff, practice, person={"phone": "07700 900123"})
    told = words_of(referral_in_words(Referral.objects.get(pk=referral.pk)))
    assert told["NHS number"] == "999 000 0018"
    assert told["Date of birth"] == "4 May 1951"
    assert told["Safe ways to get in touch"] == "Letter"
    assert told["Referred by"] == "Dr P. Shah"
    assert "Interpreter" not in told


def test_each_answer_of_the_check_page_links_to_its_field(practice, practice_staff):
    client = logged_in(practice_staff)
    form = ReferralForm(ANSWERS, practices=[practice])
    assert form.is_valid()
    page = client.get(reverse("referral_new")).content.decode()
    for _, answers in answers_in_words(form, practice_staff):
        for answer in answers:
            assert f'id="{answer.anchor}"' in page or answer.name == "practice", answer.name


def shown(referral: Referral) -> list[tuple[str, str]]:
    return [(step.label, step.state) for step in steps(Referral.objects.get(pk=referral.pk))]


def test_the_steps_of_a_referral_follow_it(practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice)
    later = [("First conversation", "next"), ("Support has ended", "next")]
    assert shown(referral) == [("Sent", "done"), ("With the network", "now"), *later]
    request = actions.ask(referral=referral, question="Why?", by=link_worker)
    assert shown(referral)[1] == ("Your answer is needed", "now")
    actions.answer(request=request, text="So.", by=practice_staff)
    actions.accept(referral=referral, by=link_worker)
    assert shown(referral) == [("Sent", "done"), ("Accepted", "done"), *later]
    contact = {"kind": "phone", "result": "took_part", "note": "x", "happened_at": timezone.now()}
    actions.log_contact(episode=referral.episode, by=link_worker, **contact)
    assert shown(referral)[2:] == [("First conversation", "done"), ("Being supported", "now")]
    actions.close(episode=referral.episode, outcome="moved", note="", letter="", by=link_worker)
    assert shown(referral)[3] == ("Support has ended", "done")


@pytest.mark.parametrize("ends", ["declined", "withdrawn"])
def test_a_referral_that_stops_has_two_steps(ends, practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice)
    if ends == "declined":
        actions.decline(referral=referral, reason="duplicate", note="", by=link_worker)
    else:
        actions.withdraw(referral=referral, note="", by=practice_staff)
    assert shown(referral) == [("Sent", "done"), (ends.title(), "stopped")]


def test_a_case_closed_before_a_first_conversation_says_that_there_was_none(practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice)
    actions.accept(referral=referral, by=link_worker)
    actions.close(episode=Episode.objects.get(), outcome="stopped", note="", letter="", by=link_worker)
    assert steps(Referral.objects.get())[2].note == "did not happen"
