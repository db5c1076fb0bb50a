"""What the office decides of jobs and volunteer roles, and what time does to them."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members import tasks
from members.actions import vacancies as actions
from members.models import Vacancy
from members.tests.vacancy_factories import make_vacancy, offer, typed
from members.vacancy_links import own_path
from referrals.tests.race import race

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


def test_the_office_alone_decides_once_and_on_what_it_read(admin, link_worker, member):
    vacancy = make_vacancy()
    for stranger in (link_worker, member):
        with pytest.raises(PermissionDenied):
            actions.decide(vacancy, approve=True, version=1, by=stranger)
        with pytest.raises(PermissionDenied):
            actions.take_down(vacancy, reason="So.", by=stranger)
    with pytest.raises(Refused, match="Say why not"):
        actions.decide(vacancy, approve=False, reason=" ", version=1, by=admin)
    actions.edit(vacancy, offer=offer(title="Something else"))
    with pytest.raises(Refused, match="changed it while you were reading"):
        actions.decide(vacancy, approve=True, version=1, by=admin)
    actions.decide(vacancy, approve=True, version=2, by=admin)
    with pytest.raises(Refused, match="Kit Marlow decided this already: approved"):
        actions.decide(vacancy, approve=False, reason="No.", version=2, by=admin)
    assert len(mails("vacancy-decided")) == 1


def test_a_yes_after_the_closing_date_is_refused(admin):
    vacancy = make_vacancy(closes_on=timezone.localdate() - DAY)
    with pytest.raises(Refused, match="closing date has gone by"):
        actions.decide(vacancy, approve=True, version=1, by=admin)
    with pytest.raises(Refused, match="Choose a later one first"):
        actions.confirm(make_vacancy(state="unconfirmed", closes_on=timezone.localdate() - DAY))


def test_the_office_takes_one_down_with_a_reason(client, admin):
    vacancy = make_vacancy(by=admin)
    actions.take_down(vacancy, reason="The address leads elsewhere.", by=admin)
    assert client.get(vacancy.get_absolute_url()).status_code == 404
    assert "The address leads elsewhere." in mails("vacancy-decided")[0].text
    with pytest.raises(Refused, match="not public"):
        actions.take_down(vacancy, reason="Again.", by=admin)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_decide_once(admin):
    vacancy = make_vacancy()
    first, second = race(
        Vacancy.objects.all(),
        lambda: actions.decide(vacancy, approve=True, version=1, by=admin),
        lambda: actions.decide(vacancy, approve=False, reason="No.", version=1, by=admin),
    )
    assert (first.state, type(second)) == ("approved", Refused)
    assert len(mails("vacancy-decided")) == 1


# Time


def test_it_closes_by_itself_at_the_end_of_its_day_in_london(client, admin):
    vacancy = make_vacancy(by=admin, closes_on=dt.date(2027, 6, 10))
    alike = make_vacancy(by=admin, title="Open still", closes_on=dt.date(2027, 7, 10))
    with time_machine.travel(dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC), tick=False):  # half past eleven there
        assert client.get(vacancy.get_absolute_url()).status_code == 200
    with time_machine.travel(dt.datetime(2027, 6, 10, 23, 30, tzinfo=dt.UTC), tick=False):
        answer = client.get(vacancy.get_absolute_url())
        assert answer.status_code == 410
        assert alike.title in text(answer)
        assert vacancy.title not in text(client.get(LIST))
        assert vacancy.slug not in text(client.get("/sitemap-vacancies.xml"))
        assert vacancy.slug not in text(client.get("/listings/feed/"))
        actions.renew(vacancy, closes_on=dt.date(2027, 6, 20))
        assert client.get(vacancy.get_absolute_url()).status_code == 200


def test_each_letter_is_written_once_for_a_closing_date(admin):
    today = timezone.localdate()
    old = timezone.now() - dt.timedelta(days=60)
    vacancy = make_vacancy(by=admin, closes_on=today + dt.timedelta(days=5), published_at=old)
    make_vacancy(by=admin, closes_on=today + dt.timedelta(days=5))  # approved today: no reminder of what was just done
    make_vacancy(by=admin, closes_on=today + dt.timedelta(days=20), published_at=old)
    make_vacancy(closes_on=today + dt.timedelta(days=5))
    assert [tasks.write_vacancy_letters(), tasks.write_vacancy_letters()] == [1, 0]
    assert "Is it still open?" in mails("vacancy-closing")[0].subject
    with time_machine.travel(timezone.now() + dt.timedelta(days=9)):  # the run of the day before was missed
        assert [tasks.write_vacancy_letters(), tasks.write_vacancy_letters()] == [2, 0]
        assert len(mails("vacancy-filled")) == 2
        actions.tell_outcome(vacancy, filled=False)
        actions.renew(vacancy, closes_on=timezone.localdate() + dt.timedelta(days=30))
    with time_machine.travel(timezone.now() + dt.timedelta(days=35)):
        tasks.write_vacancy_letters()
        assert len(mails("vacancy-closing")) == 2  # the renewed one has a closing date of its own
        vacancy.refresh_from_db()
        assert vacancy.reminded_for == vacancy.closes_on


def test_who_says_that_it_is_filled_closes_it_and_is_not_asked(client, admin):
    vacancy = make_vacancy(by=admin)
    client.post(f"{own_path(vacancy)}outcome/", {"filled": "yes"})
    vacancy.refresh_from_db()
    assert (vacancy.outcome, vacancy.is_open) == ("filled", False)
    assert tasks.write_vacancy_letters() == 0
    with pytest.raises(Refused, match="not public"):
        actions.tell_outcome(make_vacancy(), filled=True)


def test_what_nobody_confirmed_and_what_ended_long_ago_is_deleted(admin):
    post()
    make_vacancy(by=admin, closes_on=timezone.localdate() - dt.timedelta(days=300))
    with time_machine.travel(timezone.now() + dt.timedelta(days=13)):
        assert tasks.forget_old_vacancies() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        assert tasks.forget_old_vacancies() == 1
    with time_machine.travel(timezone.now() + dt.timedelta(days=70)):
        assert tasks.forget_old_vacancies() == 1


# In the office


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def change(vacancy: Vacancy) -> str:
    return reverse("admin:members_vacancy_change", args=[vacancy.pk])


def test_the_queue_comes_first_and_what_is_not_confirmed_is_not_there(office, admin):
    post(title="Not confirmed")
    make_vacancy(by=admin, title="Public")
    changed = make_vacancy(by=admin, title="Changed")
    actions.edit(changed, offer=offer(title="Changed differently"))
    make_vacancy(title="Waits longest", changed_at=timezone.now() - DAY)
    page = office.get(reverse("admin:members_vacancy_changelist"))
    assert [row.title for row in page.context["cl"].result_list] == ["Waits longest", "Changed", "Public"]
    for asked, titles in {
        "waits=new": ["Waits longest"],
        "waits=change": ["Changed"],
        "closing=week": [],
        "closing=closed": [],
        "region__exact=east&state__exact=approved": ["Changed", "Public"],
    }.items():
        rows = office.get(f"{reverse('admin:members_vacancy_changelist')}?{asked}").context["cl"].result_list
        assert [row.title for row in rows] == titles


def test_the_office_reads_a_change_side_by_side_and_decides(office, admin):
    vacancy = make_vacancy(by=admin)
    actions.edit(vacancy, offer=offer(title="Senior link worker"))
    page = text(office.get(change(vacancy)))
    assert "Public now" in page
    assert "Senior link worker" in page
    assert "What stays as it is" in page
    version = Vacancy.objects.get().version
    wrong = office.post(change(vacancy), {"verdict": "decline", "why": " ", "seen": version})
    assert "Say why. Whoever posted it" in text(wrong)
    office.post(change(vacancy), {"verdict": "approve", "why": "", "seen": version})
    vacancy.refresh_from_db()
    assert (vacancy.title, vacancy.proposal, vacancy.decided_by) == ("Senior link worker", None, admin)


def test_the_second_administrator_is_told(office, admin):
    for approve in (True, False):
        vacancy = make_vacancy()
        actions.decide(vacancy, approve=approve, reason="No pay." * (not approve), version=1, by=admin)
        answer = office.post(change(vacancy), {"verdict": "approve", "seen": 1}, follow=True)
        assert "Kit Marlow decided this already" in text(answer)


def test_many_are_approved_at_once(office):
    rows = [make_vacancy(title=f"Job {number}") for number in range(2)]
    data = {"action": "approve", "_selected_action": [row.pk for row in rows]}
    office.post(reverse("admin:members_vacancy_changelist"), data)
    assert Vacancy.objects.open().count() == 2
