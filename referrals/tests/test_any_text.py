"""Text that nobody thought of, made up by hypothesis: never an error page, never lost."""

import datetime as dt
import html
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import User
from referrals.factories import EpisodeFactory, PersonFactory, ReferralFactory
from referrals.forms.person import NHSNumberField
from referrals.models import Episode
from referrals.tests.steps import logged_in, write

CALM = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def nhs_numbers() -> st.SearchStrategy[str]:
    """Numbers made by the definition: weights 10 to 2, check digit 11 less the remainder by 11, never 10."""

    def whole(nine: str) -> str | None:
        remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True)) % 11
        check = (11 - remainder) % 11
        return f"{nine}{check}" if check < 10 else None

    # From 4 on: below are the health service numbers of Scotland, which begin with a birthday.
    nine = st.from_regex(r"[4-9][0-9]{8}", fullmatch=True)
    return nine.map(whole).filter(bool)  # type: ignore[return-value]


@given(number=nhs_numbers(), gaps=st.lists(st.sampled_from(["", " ", "-", "\t", "\xa0", "  "]), min_size=9, max_size=9))
@settings(deadline=None)
def test_a_valid_nhs_number_is_taken_in_any_spacing(number, gaps):
    typed = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    assert NHSNumberField(required=False).clean(f" {typed} ") == number


@given(number=nhs_numbers(), place=st.integers(0, 9), by=st.integers(1, 9))
@settings(deadline=None)
def test_one_wrong_digit_is_always_noticed(number, place, by):
    digit = str((int(number[place]) + by) % 10)
    wrong = number[:place] + digit + number[place + 1 :]
    if int(wrong[:1]) >= 4:
        with pytest.raises(ValidationError, match="wrong digit"):
            NHSNumberField().clean(wrong)


@given(text=st.text())
@settings(deadline=None)
def test_an_nhs_number_is_ten_plain_digits_or_refused(text):
    try:
        number = NHSNumberField(required=False).clean(text)
    except ValidationError:
        return
    assert number is None or (len(number) == 10 and number.isascii() and number.isdigit())


FIELDS = [
    *("given_name", "family_name", "date_of_birth", "nhs_number", "known_as", "phone", "email", "address", "postcode"),
    *("safe_contact", "language", "needs_interpreter", "access_needs", "visit_risk", "risk_details", "reasons"),
    *("contact_ways", "urgency", "why_now", "hopes", "consent_method", "share_back", "referrer_name", "draft_id"),
]


def seen(page: bytes) -> str:
    """What somebody reads on the page; line breaks as the form sends them are all one."""
    return html.unescape(page.decode()).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [FIELDS[:8], FIELDS[8:16], FIELDS[16:]], ids=["who", "how", "why"])
@given(data=st.data())
@CALM
def test_any_text_in_the_referral_form_is_kept_or_sent_and_never_an_error_page(fields, data, practice, practice_staff):
    changes: dict[str, Any] = {
        name: data.draw(ANY_TEXT, label=name) for name in data.draw(st.sets(st.sampled_from(fields)))
    }
    client = logged_in(practice_staff)
    draft, response = write(client, **changes)
    if response.status_code == 302:
        client.post(f"{draft}check/", {"same_person": "new"})
        response = client.get(reverse("referrals"))
        assert response.status_code == 200
        return
    page = seen(response.content)
    for name in {"given_name", "why_now", "phone", "hopes"} & set(changes):
        assert seen(changes[name].encode()).replace("\x00", "") in page.replace("\x00", "")


@pytest.mark.django_db
@given(data=st.data())
@CALM
def test_any_text_in_the_case_forms_is_never_an_error_page(data, practice, link_worker):
    if not (case := Episode.objects.filter(holder=link_worker).first()):
        case = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)
        ReferralFactory(episode=case)
    client = logged_in(User.objects.get(pk=link_worker.pk))
    day = st.dates(dt.date.today()).map(dt.date.isoformat) | ANY_TEXT  # noqa: DTZ011
    time = st.times().map(lambda time: time.isoformat("minutes")) | ANY_TEXT
    for name, answers in {
        "contact_new": {
            "kind": "phone",
            "result": "no_answer",
            "note": ANY_TEXT,
            "happened_on": day,
            "minutes": ANY_TEXT,
        },
        "follow_up_new": {"what": ANY_TEXT, "due_on": day},
        "appointment_new": {"kind": "clinic", "day": day, "time": time, "minutes": "45", "place": ANY_TEXT},
        "person_edit": {"contact_ways": "letter", "visit_risk": "none", "postcode": ANY_TEXT, "email": ANY_TEXT},
        "message_new": {"text": ANY_TEXT},
    }.items():
        drawn = {key: value if isinstance(value, str) else data.draw(value) for key, value in answers.items()}
        assert client.post(reverse(name, args=[case.reference]), drawn).status_code in (200, 302), name
    assert client.get(reverse("referral", args=[case.reference])).status_code == 200
    assert client.get(reverse("today")).status_code == 200
    assert client.get(reverse("referrals"), {"q": data.draw(ANY_TEXT)}).status_code == 200
