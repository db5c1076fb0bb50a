"""What people mistype, and what nobody types by accident: a sentence that helps, and everything typed kept."""

import datetime as dt
import html
import uuid
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User, Workplace
from referrals import actions
from referrals.factories import EpisodeFactory, FollowUpFactory, MessageBackFactory, PersonFactory, ReferralFactory
from referrals.models import CareContact, Episode, Person, Referral, ReferralDraft
from referrals.tests.steps import ANSWERS, logged_in, refer, submit, write

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)
    ReferralFactory(episode=episode)
    return episode


@pytest.fixture
def nurse(practice_staff: User) -> Client:
    return logged_in(practice_staff)


@pytest.fixture
def worker(link_worker: User) -> Client:
    return logged_in(link_worker)


def said(response: HttpResponse) -> str:
    """The page of a form that was not taken: calm, summed up, and read as a person reads it."""
    assert response.status_code == 200
    page = html.unescape(response.content.decode())
    assert "There is a problem" in page
    return page


NEXT_YEAR = timezone.localdate().year + 1


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("nhs_number", "999 000 0019", "wrong digit"),
        ("nhs_number", "9991234567", "wrong digit"),
        ("nhs_number", "999000001", "wrong digit"),
        ("nhs_number", "٩٩٩٠٠٠٠٠١٨", "wrong digit"),
        ("nhs_number", "nine nine nine", "wrong digit"),
        ("date_of_birth", f"4 5 {NEXT_YEAR}", "in the future"),
        ("date_of_birth", "31 2 1951", "in full"),
        ("date_of_birth", "29 2 1951", "in full"),
        ("date_of_birth", "4 5 51", "in full"),
        ("date_of_birth", "5/14/1951", "in full"),
        ("date_of_birth", "4 5 1851", "too long ago"),
        ("date_of_birth", "1951", "in full"),
        ("date_of_birth", "", "Type their date of birth"),
        ("given_name", "   ", "Type their first name"),
        ("given_name", "\u200b".ljust(151, "x"), "at most 150"),
        ("family_name", "", "Type their last name"),
        ("email", "zanthy@", "valid email address"),
        ("email", f"{'x' * 250}@example.test", "at most 254"),
        ("postcode", "ß" * 8, "at most 8"),
        ("contact_ways", [], "Tick at least one way"),
        ("contact_ways", ["text"], None),
        ("contact_ways", ["email"], "type the address, or untick"),
        ("phone", "", "type the number, or untick"),
        ("visit_risk", "", "Say whether there is a risk"),
        ("visit_risk", "risk", "Say what the risk is"),
        ("visit_risk", "bears", "bears is not one of the available choices"),
        ("reasons", [], "Tick at least one reason"),
        ("reasons", ["loneliness", "witchcraft"], "witchcraft is not one of the available choices"),
        ("urgency", "", "Say how things are now"),
        ("why_now", " \n\t ", "Say in a sentence why now"),
        ("why_now", "x" * 20_001, "at most 20000"),
        ("consent_method", "", "Without their agreement, please do not refer"),
        ("share_back", "", "Ask them what may come back"),
    ],
)
def test_the_referral_form_says_what_is_wrong_and_keeps_what_was_typed(field, typed, told, nurse):
    draft, response = write(nurse, **{field: typed})
    if told is None:
        assert response.url == f"{draft}check/"
        return
    page = said(response)
    assert told in page
    assert 'value="Joan"' in page or field == "given_name"
    assert "Her husband died in the spring." in page or field == "why_now"
    if isinstance(typed, str) and typed.strip():
        assert typed in page or field in ("visit_risk",)
    assert nurse.get(f"{draft}check/").url == f"{draft}?check"
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Siobhán", "O’Neill-D'Arcy"),
        ("فاطمة", "الزهراء"),
        ("Zoë 👩‍🚒", "𝔊rün 🏳️‍🌈"),
        ("<script>alert(1)</script>", "&amp; \"Sons\" 'n' {{ x }} {% y %}"),
        ("Robert'); DROP TABLE", "%s %(x)s \\ \\x00"),
        ("n" * 150, "м" * 150),
    ],
)
def test_any_name_that_people_have_goes_all_the_way(given, family, nurse, worker, link_worker):
    referral = refer(nurse, given_name=given, family_name=family)
    person = Person.objects.get()
    assert (person.given_name, person.family_name) == (given, family)
    for client, pages in [(nurse, ["today", "referrals"]), (worker, ["inbox"])]:
        for page in [*map(reverse, pages), reverse("referral", args=[referral.reference])]:
            text = client.get(page).content.decode()
            assert html.escape(given).replace("&#x27;", "&#39;") in text.replace("&#x27;", "&#39;"), page
            assert "<script>alert" not in text
    actions.accept(referral=referral, by=link_worker)
    letter = referral.episode.messages.get()
    assert nurse.get(reverse("message_letter", args=[referral.reference, letter.pk])).content.startswith(b"%PDF")


def test_a_long_note_is_kept_whole_and_one_longer_is_refused_politely(case, worker):
    page = reverse("contact_new", args=[case.reference])
    answers = {"kind": "phone", "result": "took_part"}
    longest = ("Ünïcødé " * 2_500)[:19_999] + "."
    assert worker.post(page, answers | {"note": longest}).status_code == 302
    assert CareContact.objects.get().note == longest
    refused = said(worker.post(page, answers | {"note": longest + "!"}))
    assert "at most 20000 characters (it has 20001)" in refused
    assert longest + "!" in refused


def test_line_breaks_count_as_the_browser_counts_them(case, worker):
    note = "A line.\r\n" * 2_500  # a browser counts 20,000 and sends 22,500
    worker.post(reverse("contact_new", args=[case.reference]), {"kind": "phone", "result": "took_part", "note": note})
    assert CareContact.objects.get().note.count("A line.") == 2_500


def test_a_script_in_a_note_is_text_on_every_page(case, worker, nurse, practice_staff, link_worker):
    script = "<script>alert('note')</script>"
    post = [
        ("contact_new", {"kind": "phone", "result": "took_part", "note": script, "follow_up": script}),
        ("follow_up_new", {"what": script, "due_on": "2099-01-05"}),
        ("appointment_new", {"kind": "clinic", "day": "2099-01-05", "time": "10:00", "minutes": "45", "note": script}),
        ("case_edit", {"what_matters": script, "complexity": ""}),
        ("message_new", {"text": script}),
    ]
    for name, answers in post:
        day = {"follow_up_on": timezone.localdate().isoformat()} if name == "contact_new" else {}
        assert worker.post(reverse(name, args=[case.reference]), answers | day).status_code == 302, name
    letter = case.messages.get(text=script)
    pages = [
        worker.get(reverse("referral", args=[case.reference])),
        worker.get(reverse("today")),
        worker.get(reverse("referrals")),
        nurse.get(reverse("referral", args=[case.referrals.get().reference])),
        nurse.get(reverse("message", args=[case.reference, letter.pk])),
        worker.post(reverse("follow_up_done", args=[case.reference, case.followups.first().pk]), follow=True),
    ]
    for page in pages:
        assert b"<script>alert" not in page.content
    assert "&lt;script&gt;alert(" in pages[0].content.decode()


NUL = "a\x00b"


@pytest.mark.parametrize("field", sorted({*ANSWERS, "practice", "referrer_name", "hopes", "address", "language"}))
def test_a_nul_character_breaks_no_referral(field, nurse):
    _, response = write(nurse, **{field: [NUL] if field in ("reasons", "contact_ways") else NUL})
    assert response.status_code in (200, 302)
    assert ReferralDraft.objects.count() == 1


def test_a_nul_character_breaks_neither_saving_nor_finding(nurse, worker, case):
    draft, _ = write(nurse)
    assert nurse.post(f"{draft}save/", {"given_name": NUL}).status_code == 200
    assert nurse.get(draft).status_code == 200
    assert nurse.post(reverse("referral_find_person"), {"nhs_number": NUL, "given_name": NUL}).status_code == 200
    for client in (nurse, worker):
        for words in (NUL, "\x00", "999000\x000018"):
            assert client.get(reverse("referrals"), {"q": words}).status_code == 200


CASE_FORMS = {
    "contact_new": {
        "kind": "phone",
        "result": "took_part",
        "note": "x",
        "follow_up_on": "2099-01-05",
        "follow_up": "x",
    },
    "appointment_new": {"kind": "clinic", "day": "2099-01-05", "time": "10:00", "minutes": "45", "place": "x"},
    "follow_up_new": {"what": "x", "due_on": "2099-01-05"},
    "person_edit": {"contact_ways": ["letter"], "visit_risk": "risk", "risk_details": "x", "phone": "x"},
    "case_edit": {"what_matters": "x", "complexity": "light"},
    "consent_edit": {"share_back": "codes"},
    "hand_over": {"to": "1"},
    "case_close": {"outcome": "moved", "note": "x", "letter": "x"},
    "message_new": {"text": "x"},
}


@pytest.mark.parametrize("name", CASE_FORMS)
@pytest.mark.parametrize("bad", [NUL, "²", "9" * 5000, "-1", "��", "1e400", "2099-02-30", "25:61"])
def test_nothing_typed_into_a_case_form_breaks_it(name, bad, case, worker):
    page = reverse(name, args=[case.reference])
    for field in CASE_FORMS[name]:
        response = worker.post(page, CASE_FORMS[name] | {field: bad, "submission_key": ""})
        assert response.status_code in (200, 302), (name, field)
        Episode.objects.update(closed_at=None, closed_by=None, outcome="")


def test_bytes_that_are_no_text_are_read_as_well_as_they_can_be(nurse):
    draft, _ = write(nurse)
    body = urlencode(ANSWERS | {"given_name": "X"}, doseq=True).encode()
    for wrong in (b"Jo%ED%A0%80an", b"Jo%FFan", b"Jo\xffan"):
        response = nurse.generic("POST", draft, body.replace(b"given_name=X", b"given_name=" + wrong), FORM)
        assert response.url == f"{draft}check/"
        assert "Jo" in nurse.get(f"{draft}check/").content.decode()
    assert nurse.get(reverse("referrals"), QUERY_STRING="q=%FF%ED%A0%80").status_code == 200


@pytest.mark.parametrize("name", ["contact_new", "follow_up_new", "message_new", "case_close", "appointment_new"])
def test_an_empty_form_says_what_is_missing(name, case, worker):
    page = said(worker.post(reverse(name, args=[case.reference]), {"next": ""}))
    assert 'class="field-error"' in page


def test_a_day_that_is_over_is_refused_for_what_is_to_come(case, worker):
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    assert "This day is over" in said(
        worker.post(reverse("follow_up_new", args=[case.reference]), {"what": "Ring", "due_on": yesterday})
    )
    assert "This day is over" in said(
        worker.post(
            reverse("contact_new", args=[case.reference]),
            {"kind": "phone", "result": "no_answer", "follow_up_on": yesterday},
        )
    )
    booking = {"kind": "clinic", "day": yesterday, "time": "10:00", "minutes": "45"}
    assert "This day is over" in said(worker.post(reverse("appointment_new", args=[case.reference]), booking))


def test_an_hour_that_is_over_is_refused_for_an_appointment(case, worker):
    page = reverse("appointment_new", args=[case.reference])
    booking = {"kind": "clinic", "day": timezone.localdate().isoformat(), "time": "00:00", "minutes": "45"}
    if timezone.localtime().hour:  # in the first hour of a day nothing of it is over
        assert "This time is over" in said(worker.post(page, booking))


def test_a_contact_still_to_come_is_an_appointment(case, worker):
    answers = {"kind": "phone", "result": "took_part", "note": "x", "happened_on": "2099-01-05"}
    assert "Book it as an appointment" in said(worker.post(reverse("contact_new", args=[case.reference]), answers))


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31"])
def test_a_contact_of_long_ago_breaks_nothing(day, case, worker):
    answers = {"kind": "phone", "result": "took_part", "note": "x", "happened_on": day, "happened_time": "00:00"}
    worker.post(reverse("contact_new", args=[case.reference]), answers)
    for page in (reverse("referral", args=[case.reference]), reverse("referrals")):
        assert worker.get(page).status_code == 200


def test_a_follow_up_at_the_end_of_time_breaks_nothing(case, worker):
    worker.post(reverse("follow_up_new", args=[case.reference]), {"what": "Ring", "due_on": "9999-12-31"})
    booking = {"kind": "clinic", "day": "9999-12-31", "time": "23:59", "minutes": "480"}
    worker.post(reverse("appointment_new", args=[case.reference]), booking)
    for page in (reverse("referral", args=[case.reference]), reverse("referrals"), reverse("today")):
        assert worker.get(page).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"page": "999"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "x"},
        {"page": "²"},
        {"page": "9" * 400},
        {"list": "x"},
        {"list": "\x00"},
        {"q": "x" * 4_000},
        {"q": "a b c d e f g h i j"},
        {"q": "%_\\'\"`"},
        {"q": "٩٩٩٠٠٠٠٠١٨"},
        {"q": " "},
    ],
)
def test_a_list_stands_any_address(query, case, worker, nurse):
    for client in (worker, nurse):
        response = client.get(reverse("referrals"), query)
        assert response.status_code == 200
    assert worker.get(reverse("inbox"), query).status_code == 200
    if "q" not in query:
        assert "Prentice" in worker.get(reverse("referrals"), query).content.decode()


@pytest.mark.parametrize(
    ("words", "not_words"),
    [("Pren", "Prex"), ("joan PREN", "jo ann pren"), ("9990000018", "9990000026"), ("999 000 0018", "999 000 001")],
)
def test_a_list_finds_by_part_of_a_name_and_by_number(words, not_words, case, worker, nurse):
    Person.objects.update(nhs_number="9990000018", family_name="Prentice")
    for client in (worker, nurse):
        assert "Prentice" in client.get(reverse("referrals"), {"q": words}).content.decode()
        assert "Prentice" not in client.get(reverse("referrals"), {"q": not_words}).content.decode()


def test_what_changes_something_takes_no_get_and_what_only_shows_takes_no_post(case, worker, nurse, practice_staff):
    draft = ReferralDraft.objects.create(owner=practice_staff)
    follow_up, letter = FollowUpFactory(episode=case), MessageBackFactory(episode=case)
    post_only = [
        (worker, reverse("referral_accept", args=[case.reference])),
        (worker, reverse("follow_up_done", args=[case.reference, follow_up.pk])),
        (nurse, reverse("message_file", args=[case.reference, letter.pk])),
        (nurse, reverse("referral_autosave", args=[draft.pk])),
        (nurse, reverse("referral_find_person")),
    ]
    for client, page in post_only:
        assert client.get(page).status_code == 405, page
    get_only = ["referrals", "inbox", "referral_new"]
    for page in [*map(reverse, get_only), reverse("referral", args=[case.reference])]:
        assert worker.post(page).status_code == 405, page


@pytest.mark.parametrize("draft_id", ["x", "", "0" * 32, "00000000-0000-0000-0000-00000000000g"])
def test_a_tampered_draft_id_gives_a_new_draft(draft_id, nurse):
    response = nurse.post(reverse("referral_find_person"), {"nhs_number": "9990000018", "draft_id": draft_id})
    assert response.status_code == 200
    assert b"/referrals/drafts/" in response.content


def test_a_key_of_somebody_elses_referral_gives_nothing_away(practice, practice_staff, other_practice, outsider):
    key = uuid.uuid4()
    submit(outsider, other_practice, submission_key=key)
    client = logged_in(practice_staff)
    for page in (f"/referrals/drafts/{key}/", f"/referrals/drafts/{key}/check/"):
        assert client.get(page).status_code == 404
        assert client.post(page, ANSWERS).status_code == 404
    assert client.post(f"/referrals/drafts/{key}/save/", ANSWERS).status_code == 409


@pytest.mark.parametrize(
    "reference", ["LW-AAAA-AAAA", "LW-0000-0000", "LW-AAAA-AAA", "lw-aaaa-aaaa", "LW-AAAA-AAAA%00", "١"]
)
def test_a_reference_that_is_not_there_is_not_found(reference, worker):
    assert worker.get(f"/referrals/{reference}/").status_code == 404


def test_an_answer_when_nothing_is_asked_leads_back_to_the_referral(practice, practice_staff, nurse):
    referral = submit(practice_staff, practice)
    page = reverse("referral_answer", args=[referral.reference])
    for response in (nurse.get(page), nurse.post(page, {"answer": "Yes."})):
        assert response.url == reverse("referral", args=[referral.reference])
