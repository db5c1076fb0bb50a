"""Jobs and volunteer roles: posted by anybody, confirmed by mail, read by the office, closing by themselves."""

import datetime as dt
import json
import re
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions import vacancies as actions
from members.models import PayBand, Vacancy
from members.tests.vacancy_factories import BEFRIENDER, LINK_WORKER, make_vacancy, offer, soon, typed
from members.vacancy_links import LASTS, own_path

pytestmark = pytest.mark.django_db
NEW, LIST = "/listings/new/", "/listings/"
DAY = dt.timedelta(days=1)


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("created_at"))


def text(response) -> str:
    return response.content.decode()


def errors(client, **changed) -> dict[str, list[str]]:
    return client.post(NEW, typed(**changed)).context["form"].errors


def post(**changed) -> Vacancy:
    who = {"contact_name": "Jo Reed", "contact_email": "jo@example.test", "submission": uuid.uuid4()}
    who |= {name: changed.pop(name) for name in list(changed) if name in who}
    return actions.post(offer=offer(**changed), **who)


# Posting


def test_anybody_posts_and_the_office_sees_it_after_the_mail_was_answered(client, admin):
    answer = client.post(NEW, typed(postcode="al13jq", title=" Link \n worker "))
    assert answer.url == reverse("vacancy_sent")
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.title, vacancy.postcode) == ("unconfirmed", "Link worker", "AL1 3JQ")
    assert not Vacancy.objects.queue().exists()
    (mail,) = mails("vacancy-confirm")
    assert (mail.to, mail.secret) == ("jo@example.test", True)
    path = re.search(r"http://testserver(/listings/mine/\S+)", mail.text)[1]
    assert "Yes, I posted this" in text(client.get(path))
    assert Vacancy.objects.get().state == "unconfirmed"  # whoever reads mails for viruses opens links too
    client.post(f"{path}confirm/")
    assert Vacancy.objects.queue().get() == vacancy
    client.post(f"{path}confirm/")
    assert AuditEvent.objects.filter(verb="vacancy.confirmed").count() == 1
    assert client.get(vacancy.get_absolute_url()).status_code == 404
    assert "Link worker" not in text(client.get(LIST))


def test_an_empty_form_is_told_what_is_missing(client):
    page = text(client.post(NEW, {"title": ""}))
    for sentence in (
        "Write the title.",
        "Choose whether it is a paid job",
        "Write the closing date.",
        "Say how to apply",
    ):
        assert sentence in page
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"pay_from": "31000", "pay_to": "28000"}, "pay_to", "ends below where it begins"),
        ({"pay_from": "-5", "pay_to": ""}, "pay_from", "We expect £1,000 to £200,000 a year"),
        ({"pay_from": "14.50", "pay_to": ""}, "pay_from", "We expect"),
        ({"pay_from": "28000", "pay_per": "hour", "pay_to": ""}, "pay_from", "We expect £5 to £200 an hour"),
        ({"pay_from": "NaN"}, "pay_from", "Write an amount in pounds"),
        ({"pay_from": "1e99"}, "pay_from", ""),
        ({"pay_from": "", "pay_to": "", "pay_per": ""}, "pay_from", "every job here shows it"),
        ({"pay_per": ""}, "pay_per", "a year’s or an hour’s pay"),
        ({"apply_url": "javascript:alert(1)"}, "apply_url", "Write the whole web address"),
        ({"apply_url": "ftp://example.org/x"}, "apply_url", "Write the whole web address"),
        ({"apply_url": "", "apply_text": ""}, "apply_text", "Say how to apply"),
        (
            {"contact_email": "jo@example.test\nBcc: all@example.test"},
            "contact_email",
            "Write the whole e-mail address",
        ),
        ({"apply_email": "jo@example.test\r\nX: y"}, "apply_email", "Write the whole e-mail address"),
        ({"postcode": "nowhere"}, "postcode", "Write a whole postcode"),
        ({"town": ""}, "town", "Write the town"),
        ({"region": "atlantis"}, "region", ""),
        ({"hours": "0"}, "hours", "more than 0"),
        ({"hours": "169"}, "hours", "at most 60"),
        ({"contract": "fixed"}, "contract_until", "Write the last day"),
        ({"contract": "fixed", "contract_until": "1 1 2020"}, "contract_until", "has gone by"),
        ({"closes_on": "1 1 2020"}, "closes_on", "has gone by"),
        ({"closes_on": "1 1 2199"}, "closes_on", "Choose a day up to"),
        ({"closes_on": "31 2 2027"}, "closes_on", "Type the day"),
        ({"title": "x" * 121}, "title", ""),
        ({"title": "a\x00b"}, "title", ""),
        ({"pay_band": "99999"}, "pay_band", ""),
        ({"submission": "made up"}, "submission", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, changed, field, sentence):
    found = errors(client, **changed)
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert not Vacancy.objects.exists()


def test_a_volunteer_role_has_expenses_and_never_pay(client):
    client.post(NEW, typed(BEFRIENDER, pay_from="9000", pay_per="year", contract="fixed", contract_until="nonsense"))
    vacancy = Vacancy.objects.get()
    assert (vacancy.pay_from, vacancy.pay_per, vacancy.contract) == (None, "", "")
    assert vacancy.pay == "Expenses: Your telephone bill"
    assert list(errors(client, kind="volunteer", expenses="")) == ["expenses"]


def test_a_remote_role_needs_no_place_and_one_amount_is_enough(client):
    client.post(NEW, typed(setting="remote", region="", town="", postcode="", pay_from="", pay_to="29000.50"))
    vacancy = Vacancy.objects.get()
    assert (vacancy.place, vacancy.pay) == ("From home, anywhere", "£29,000.50 a year")


def test_a_form_that_a_program_filled_in_is_thanked_and_forgotten(client):
    assert client.post(NEW, typed(website="http://spam.example")).url == reverse("vacancy_sent")
    assert not Vacancy.objects.exists()
    assert not mails("vacancy-confirm")


def test_the_sixth_within_an_hour_keeps_what_was_typed(client):
    for number in range(5):
        client.post(NEW, typed(title=f"Job {number}", contact_email="Jo@example.test"))
        Vacancy.objects.update(state="withdrawn", withdrawn_at=timezone.now())
    refused = client.post(NEW, typed(title="The sixth"))
    assert refused.status_code == 429
    assert "The sixth" in text(refused)
    assert client.post(NEW, typed(contact_email="other@example.test")).status_code == 302


def test_nobody_is_mailed_without_end_for_what_they_never_confirmed(client):
    for number in range(5):
        post(title=f"Job {number}")
    answer = client.post(NEW, typed(contact_email="JO@example.test", title="One more"))
    assert "5 listings wait for a click" in text(answer)
    assert "One more" in text(answer)


def test_what_is_sent_twice_is_posted_once(client):
    form = typed()
    client.post(NEW, form)
    client.post(NEW, form)
    assert Vacancy.objects.count() == len(mails("vacancy-confirm")) == 1
    client.post(NEW, form | {"contact_email": "right@example.test"})  # a step back, to put the address right
    assert [mail.to for mail in mails("vacancy-confirm")] == ["jo@example.test", "right@example.test"]


def test_a_subject_stays_one_line_and_markup_stays_words(client, admin):
    post(title="<b>Worker</b>", contact_name="<script>alert(1)</script>")
    (mail,) = mails("vacancy-confirm")
    assert mail.subject == "Did you post “<b>Worker</b>”?"
    assert "<script>" not in mail.html
    vacancy = make_vacancy(
        title="</script><b>A & B</b>\x0b", about="<script>alert(1)</script> [x](javascript:y)", by=admin
    )
    page = text(client.get(vacancy.get_absolute_url()))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "</script><b>" not in page
    markup = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert markup["title"] == "</script><b>A & B</b>\x0b"
    feed = text(client.get("/listings/feed/"))
    assert "&lt;/script&gt;&lt;b&gt;A &amp; B&lt;/b&gt;" in feed
    assert "\x0b" not in feed


@pytest.mark.parametrize(
    "wrong",
    [
        {"pay_to": Decimal(1)},
        {"pay_from": None, "pay_to": Decimal(5)},
        {"pay_from": None, "pay_to": None, "pay_per": ""},
        {"contract": ""},
        {"contract": "fixed"},
        {"kind": "volunteer"},
        {"apply_url": ""},
        {"apply_url": "javascript:alert(1)"},
        {"town": ""},
        {"hours": Decimal(0)},
        {"state": "approved"},
        {"state": "declined"},
        {"state": "withdrawn"},
        {"confirmed_at": None},
        {"proposal": {}},
    ],
)
def test_the_database_refuses(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_vacancy(**wrong)


# The private link


@pytest.mark.parametrize("path", ["", "confirm/", "edit/", "renew/", "withdraw/", "outcome/"])
def test_an_altered_link_opens_nothing(client, path):
    own = own_path(make_vacancy())
    altered = own[:-4] + ("a" if own[-4] != "a" else "b") + own[-3:]
    for url in (altered, "/listings/mine/made-up/", f"/listings/mine/{Vacancy.objects.get().pk}/"):
        assert client.post(url + path).status_code == 404


def test_an_old_link_changes_nothing_and_sends_a_new_one_once_a_day(client, admin):
    vacancy = make_vacancy(by=admin)
    old = own_path(vacancy)
    with time_machine.travel(timezone.now() + LASTS + DAY):
        assert client.post(f"{old}withdraw/").status_code == 410
        assert client.get(f"{old}edit/").status_code == 410
        client.post(old)
        client.post(old)
        (mail,) = mails("vacancy-link")
        assert client.get(re.search(r"testserver(/listings/mine/\S+)", mail.text)[1]).status_code == 200
    vacancy.refresh_from_db()
    assert vacancy.state == "approved"


def test_a_link_opens_its_own_and_no_other(client, admin):
    mine, other = make_vacancy(by=admin), make_vacancy(by=admin, title="Another job")
    client.post(f"{own_path(mine)}withdraw/")
    assert set(Vacancy.objects.values_list("title", "state")) == {
        (mine.title, "withdrawn"),
        (other.title, "approved"),
    }


def test_after_a_withdrawal_the_link_changes_nothing_any_more(client, admin):
    vacancy = make_vacancy(by=admin)
    own = own_path(vacancy)
    assert "Take it down?" in text(client.get(f"{own}withdraw/"))
    client.post(f"{own}withdraw/")
    client.post(f"{own}renew/", {"closes_on": f"{soon():%-d %-m %Y}"})
    client.post(f"{own}edit/", typed(title="Back again"))
    client.post(f"{own}confirm/")
    client.post(f"{own}outcome/", {"filled": "yes"})
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.title, vacancy.outcome) == ("withdrawn", "Social prescribing link worker", "")
    assert "nothing here changes it any more" in text(client.get(own))
    assert client.get(vacancy.get_absolute_url()).status_code == 410


# Changing it


def test_a_change_of_a_public_one_waits_while_the_approved_text_stays(client, admin):
    vacancy = make_vacancy(by=admin)
    own = own_path(vacancy)
    band = PayBand.objects.get(name="Agenda for Change Band 5")
    client.post(f"{own}edit/", typed(title="Senior link worker", pay_band=band.pk))
    page = text(client.get(vacancy.get_absolute_url()))
    assert "Senior" not in page
    assert "Senior link worker" in text(client.get(own))
    assert 'value="Senior link worker"' in text(client.get(f"{own}edit/"))
    vacancy.refresh_from_db()
    actions.decide(vacancy, approve=True, version=vacancy.version, by=admin)
    page = text(client.get(vacancy.get_absolute_url()))
    assert "Senior link worker" in page
    assert "£28,000 to £31,000 a year · Agenda for Change Band 5" in page
    assert "NHS Employers publishes" in page
    assert "Your change of" in mails("vacancy-decided")[0].subject


def test_a_declined_change_leaves_what_was_public(client, admin):
    vacancy = make_vacancy(by=admin)
    actions.edit(vacancy, offer=offer(title="Buy my pills"))
    vacancy.refresh_from_db()
    actions.decide(vacancy, approve=False, reason="That is no job.", version=vacancy.version, by=admin)
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.title, vacancy.proposal) == ("approved", "Social prescribing link worker", None)
    assert "That is no job." in text(client.get(own_path(vacancy)))
    assert "That is no job." not in text(client.get(vacancy.get_absolute_url()))


def test_a_change_back_takes_it_out_of_the_queue_and_no_change_is_none(admin):
    vacancy = make_vacancy(by=admin)
    actions.edit(vacancy, offer=offer())
    assert not AuditEvent.objects.filter(verb="vacancy.edited").exists()
    actions.edit(vacancy, offer=offer(town="Watford"))
    assert Vacancy.objects.queue().exists()
    actions.edit(vacancy, offer=offer())
    assert not Vacancy.objects.queue().exists()


def test_a_declined_one_that_was_put_right_waits_again(client, admin):
    vacancy = make_vacancy()
    actions.decide(vacancy, approve=False, reason="Say what it pays.", version=1, by=admin)
    assert "Say what it pays." in mails("vacancy-decided")[0].text
    actions.edit(vacancy, offer=offer(pay_to=Decimal(33000)))
    vacancy.refresh_from_db()
    assert vacancy.state == "waiting"


def test_only_the_day_moves_at_once(client, admin):
    vacancy = make_vacancy(by=admin)
    own = own_path(vacancy)
    later = timezone.localdate() + dt.timedelta(days=90)
    actions.edit(vacancy, offer=offer(title="Another title"))
    client.post(f"{own}renew/", {"closes_on": f"{later:%-d %-m %Y}"})
    vacancy.refresh_from_db()
    assert (vacancy.closes_on, vacancy.proposed().closes_on) == (later, later)
    assert "Choose a day up to" in text(client.post(f"{own}renew/", {"closes_on": "1 1 2199"}))
    for day in (timezone.localdate() - DAY, timezone.localdate() + dt.timedelta(days=200)):
        with pytest.raises(Refused, match="Choose a closing date"):
            actions.renew(vacancy, closes_on=day)
    with pytest.raises(Refused, match="not public"):
        actions.renew(make_vacancy(), closes_on=later)


def test_somebody_who_is_logged_in_finds_their_name_filled_in(client, link_worker):
    client.force_login(link_worker)
    assert 'value="amara@example.test"' in text(client.get(NEW))


def test_the_offers_of_these_tests_are_whole():
    assert set(offer()) == set(offer(BEFRIENDER)) == {*LINK_WORKER, "closes_on"}
