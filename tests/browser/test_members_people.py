"""Members in a browser: every page of people, letters, mails and data, and the way from a profile to a farewell."""

import io
import zipfile
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.actions.letters import block
from members.factories import PASSWORD, MembershipFactory
from members.factories_people import ProfileFactory, make_letter
from members.mail_kinds import frequency, unsubscribe_path
from members.models import Interest, MemberLetter, Profile, Region, User
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def interests(db: None) -> None:
    """A test that commits has emptied the tables of what the migrations put into them."""
    for slug, name in [("rural", "Rural work"), ("carers", "Carers"), ("older-people", "Older people")]:
        Interest.objects.get_or_create(slug=slug, defaults={"name": name})


def make_people() -> list[Profile]:
    """Thirty who are listed, with all that can be said, with little and with words that do not break."""
    some = list(Interest.objects.all())
    profiles = []
    for number in range(30):
        name = UNBROKEN[:60] if number == 7 else f"Ada Lovell {number}"
        user = MembershipFactory(user__name=name, region=Region.EAST if number % 3 else "").user
        headline = (UNBROKEN[:100], "", "Link worker in two rural practices and a market town")[number % 3]
        profile = ProfileFactory(user=user, headline=headline, about=LONG_NOTE if number % 2 else "")
        profile.interests.set(some[: number % 4])
        profiles.append(profile)
    return profiles


def test_pages_of_members_people(visit: Visit, member: User, admin: User, coordinator: User, link_worker: User) -> None:
    problems = look_at(
        visit(member),
        [
            ("people none", at("people")),
            ("letters none", at("letters")),
            ("blocks none", at("blocks")),
        ],
    )
    profiles = make_people()
    own = ProfileFactory(user=member, about=LONG_NOTE)
    hidden = ProfileFactory(user=admin, is_listed=False)
    talk = make_letter(profiles[0].user, member, LONG_NOTE).correspondence
    for text in (LONG_NOTE, UNBROKEN, "Short."):
        make_letter(member, profiles[0].user, text)
    make_letter(profiles[7].user, member, "Unread, and from a long name.")
    for _ in range(24):
        make_letter(profiles[3].user, member)
    block(profiles[2].user, by=member)
    Profile.objects.filter(pk=profiles[4].pk).update(takes_letters=False)
    profile_page = at("profile_edit")
    problems += look_at(
        visit(member),
        [
            ("people", at("people")),
            ("people page 2", f"{at('people')}?page=2"),
            ("people nobody", f"{at('people')}?q=nobody&region=east"),
            ("people some", f"{at('people')}?q=ada&region=east&interest=rural"),
            ("person", at("member_profile", profiles[5].key)),
            ("person written to", at("member_profile", profiles[0].key)),
            ("person without letters", at("member_profile", profiles[4].key)),
            ("person blocked", at("member_profile", profiles[2].key)),
            ("person oneself", at("member_profile", own.key)),
            ("profile", profile_page),
            ("profile errors", profile_page, _write_too_much),
            ("letter new", at("letter_new", profiles[5].key)),
            ("letter new errors", at("letter_new", profiles[5].key), send_empty),
            ("letters", at("letters")),
            ("correspondence", at("correspondence", talk.key)),
            ("correspondence errors", at("correspondence", talk.key), send_empty),
            ("blocks", at("blocks")),
            ("mail choices", at("mail_choices")),
            ("your data", at("your_data")),
            ("leave", at("leave")),
            ("leave errors", at("leave"), _leave_without_the_tick),
            ("account", at("account")),
        ],
    )
    problems += look_at(visit(coordinator), [("mail choices none", at("mail_choices"))])
    problems += look_at(visit(link_worker), [("leave not yet", at("leave"))])
    link = unsubscribe_path(member.pk, "member-letter")
    problems += look_at(
        visit(),
        [
            ("unsubscribe", link),
            ("unsubscribe done", link, lambda page: page.get_by_role("button", name="Send me no more").click()),
            ("unsubscribe unknown", at("unsubscribe", "nonsense")),
        ],
    )
    office = visit(admin)
    problems += look_at(office, [("person oneself hidden", at("member_profile", hidden.key))])
    person = reverse("admin:members_user_change", args=[member.pk])
    problems += look_at(office, [("office person", person)], forgiven=THEME)
    assert not problems, "\n".join(["", *problems])


def _write_too_much(page: Page) -> None:
    page.evaluate("document.querySelector('#id_headline').removeAttribute('maxlength')")
    page.get_by_label("What you do, in a line").fill("x" * 121)
    page.get_by_role("button", name="Save your profile").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _leave_without_the_tick(page: Page) -> None:
    page.get_by_role("button", name="Leave, and erase what is mine").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def test_members_find_each_other_write_and_part(visit: Visit, member: User, tmp_path: Path) -> None:
    """Yusuf lists himself; Ada finds him by region and interest and writes; he answers, blocks, and leaves."""
    ada = ProfileFactory(user=MembershipFactory(user__name="Ada Lovell", user__email="ada@example.test").user).user
    his = visit(member)
    his.goto(at("people"))
    his.get_by_role("link", name="List yourself").click()
    his.get_by_label("What you do, in a line").fill("Befriending in three towns")
    his.get_by_label("Your region or nation").select_option("East of England")
    his.get_by_label("Carers").check()
    his.get_by_label("List me for other members").check()
    his.get_by_role("button", name="Save your profile").click()
    expect(his.get_by_text("Members can find you now.")).to_be_visible()

    hers = visit(ada, width=390)
    hers.goto(at("people"))
    hers.get_by_label("Region or nation").select_option("East of England")
    hers.get_by_label("Cares about").select_option("Carers")
    hers.get_by_role("button", name="Find people").click()
    hers.get_by_role("link", name="Yusuf Rahman").click()
    hers.get_by_role("link", name="Write a letter").click()
    hers.get_by_label("What it is about").fill("Befriending")
    hers.get_by_label("Your letter").fill("How did you begin?")
    hers.get_by_role("button", name="Send the letter").dblclick()
    expect(hers.get_by_text("How did you begin?")).to_be_visible()

    his.goto(at("letters"))
    expect(his.get_by_text("1 new")).to_be_visible()
    with his.expect_response("**/read/"):
        his.get_by_role("link", name="Ada Lovell").click()
    expect(his.get_by_text("How did you begin?")).to_be_visible()
    expect(his.get_by_role("button", name="I have read this")).to_have_count(0)
    assert MemberLetter.objects.unread_by(member).count() == 0
    his.get_by_label("Your letter").fill("With tea.")
    his.get_by_role("button", name="Send the letter").click()
    expect(his.get_by_text("With tea.")).to_be_visible()
    his.get_by_role("button", name="Block Ada: no letters from them").click()
    expect(his.get_by_text("They are not told.")).to_be_visible()

    hers.reload()
    expect(hers.get_by_text("With tea.")).to_be_visible()
    expect(hers.get_by_text("Yusuf Rahman cannot take letters just now.")).to_be_visible()
    expect(hers.get_by_role("button", name="Send the letter")).to_have_count(0)

    his.goto(at("account"))
    his.get_by_role("link", name="Choose which mails come to you").click()
    his.get_by_role("group", name="Letters from other members").get_by_label("Not at all").check()
    his.get_by_role("button", name="Save your choices").click()
    expect(his.get_by_text("Your choices are saved.")).to_be_visible()
    assert frequency(member, "member-letter") == "off"

    let_time_pass()
    his.goto(at("your_data"))
    his.get_by_role("link", name="Show that it is me").click()
    his.get_by_label("Password").fill(PASSWORD)
    his.get_by_role("button", name="Carry on").click()
    with his.expect_download() as coming:
        his.get_by_role("button", name="Download everything about me").click()
    coming.value.save_as(tmp_path / "me.zip")
    archive = zipfile.ZipFile(io.BytesIO((tmp_path / "me.zip").read_bytes()))
    assert "With tea." in archive.read("index.html").decode()

    his.get_by_role("link", name="See what leaving means").click()
    his.get_by_label("I have read both lists, and want to leave").check()
    his.get_by_role("button", name="Leave, and erase what is mine").click()
    expect(his.get_by_text("You have left, and your account is erased.")).to_be_visible()
    hers.reload()
    expect(hers.get_by_role("heading", name="A former member", level=1)).to_be_visible()
    expect(hers.get_by_text("This letter was taken back")).to_be_visible()
    expect(hers.get_by_text("With tea.")).to_have_count(0)
    hers.goto(at("people"))
    expect(hers.get_by_role("link", name="Yusuf Rahman")).to_have_count(0)


def let_time_pass() -> None:
    """Sessions whose password was typed longer ago: pages about one's whole account ask for it."""
    for session in Session.objects.all():
        store = SessionStore(session.session_key)
        store.pop(AUTHENTICATION_METHODS_SESSION_KEY)
        store.save()
