"""Two administrators at one form: whoever saves second is told, and overwrites nothing unawares."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import reverse

from directory.factories import OrganizationFactory, make_listing
from directory.models import Organization, Service
from members.factories import PostFactory, UserFactory
from members.models import Membership, Plan, Role, Workplace
from referrals.tests.race import race
from tests.world import logged_in

CHANGED = "changed this while you had it open"


def url_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def sent(client, row: Model, **typed: object) -> tuple[str, dict[str, object]]:
    """Where the form of a row goes, and what a browser that opened it now would send with these changes."""
    context = client.get(url_of(row)).context
    form = context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        values |= {f"{formset.prefix}-{name}": form for name, form in formset.management_form.initial.items()}
        for part in formset.initial_forms:
            values |= {part[name].html_name: part[name].value() for name in part.fields}
    values = {name: value for name, value in values.items() if value is not None and value is not False}
    return url_of(row), values | {"_shown": context["shown"]} | typed


@pytest.fixture
def office(admin):
    return logged_in(admin)


@pytest.fixture
def other(association):
    colleague = UserFactory(name="Bo Marsh")
    PostFactory(user=colleague, workplace=association, role=Role.ADMINISTRATOR)
    return logged_in(colleague)


CASES = {
    "workplace": ("name", "A better name", "The Maltings"),
    "membership": ("purchase_order", "PO 1", "PO 2"),
    "organization": ("name", "A better name", "Another name"),
    "plan": ("grace_days", "31", "32"),
}


@pytest.fixture
def row(request, practice, member):
    return {
        "workplace": lambda: practice,
        "membership": lambda: member.membership,
        "organization": OrganizationFactory,
        "plan": lambda: Plan.objects.get(key="individual"),
    }[request.param]()


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "change"), CASES.items(), indirect=["row"])
def test_the_second_is_told_who_what_and_keeps_what_was_typed(office, other, row, change):
    field, theirs, mine = change
    url, typed = sent(office, row, **{field: mine})
    elsewhere, quicker = sent(other, row, **{field: theirs})
    assert other.post(elsewhere, quicker).status_code == 302
    answer = office.post(url, typed)
    text = answer.content.decode()
    assert f"Bo Marsh {CHANGED}: {field.replace('_', ' ')}" in text.replace(" number", "")
    assert f"is now: {theirs}" in text
    assert f'value="{mine}"' in text
    row.refresh_from_db()
    assert str(getattr(row, field)) == theirs
    # Having been told, they save once more: then it stands.
    assert office.post(url, typed | {"_shown": answer.context["shown"]}).status_code == 302
    row.refresh_from_db()
    assert str(getattr(row, field)) == mine


@pytest.mark.django_db
def test_whoever_is_alone_saves_and_saves_again(office, practice):
    url, typed = sent(office, practice, name="One")
    assert office.post(url, typed).status_code == 302
    said = office.post(url, typed | {"name": "Two"}).content.decode()
    assert "you yourself changed this" in said  # in another tab
    assert Workplace.objects.get(pk=practice.pk).name == "One"


@pytest.mark.django_db
def test_what_is_not_on_the_form_disturbs_nobody(office, member):
    url, typed = sent(office, member, name="Yusuf R")
    member.last_login = "2026-01-01T00:00Z"
    member.save()
    assert office.post(url, typed).status_code == 302


@pytest.mark.django_db
def test_a_form_that_is_wrong_as_well_is_told_both(office, practice):
    url, typed = sent(office, practice, name="", list_size="x")
    Workplace.objects.filter(pk=practice.pk).update(postcode="AL3 5NF")
    text = office.post(url, typed).content.decode()
    assert f"Somebody {CHANGED}: postcode" in text
    assert "Postcode is now: AL3 5NF" in text
    assert "This field is required" in text


@pytest.mark.django_db
def test_a_row_beneath_that_was_added_meanwhile_is_told(office, db):
    listing = make_listing()
    url, typed = sent(office, listing, name="Another name")
    listing.phones.create(number="01727 000000")
    text = office.post(url, typed).content.decode()
    assert f"{CHANGED}: phones" in text
    assert Service.objects.get(pk=listing.pk).name == listing.name
    assert listing.phones.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("shown", ["", "x", "[]", "{}", '{"at": 1}', '{"at": "2026-01-01", "name": 1}', "null"])
def test_a_form_that_does_not_say_what_it_showed_is_saved_or_told(office, practice, shown):
    url, typed = sent(office, practice, name="One")
    assert office.post(url, typed | {"_shown": shown}).status_code in (200, 302)


@pytest.mark.django_db
def test_a_row_that_is_gone_meanwhile_is_said_to_be(office, practice):
    lonely = Workplace.objects.create(kind="employer", name="Gone tomorrow")
    url, typed = sent(office, lonely, name="One")
    lonely.delete()
    assert office.post(url, typed).status_code == 302
    assert json.loads(typed["_shown"])["at"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Workplace, Membership, Organization])
def test_of_two_who_save_at_once_one_is_told(office, other, practice, member, model):
    row = {Workplace: lambda: practice, Membership: lambda: member.membership, Organization: OrganizationFactory}[
        model
    ]()
    field = "purchase_order" if model is Membership else "name"
    url, mine = sent(office, row, **{field: "Mine"})
    _, theirs = sent(other, row, **{field: "Theirs"})
    first, second = race(
        model.objects.filter(pk=row.pk), lambda: office.post(url, mine), lambda: other.post(url, theirs)
    )
    assert (first.status_code, second.status_code) == (302, 200)
    assert CHANGED in second.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == "Mine"
    assert get_user_model().objects.filter(is_active=True).exists()
