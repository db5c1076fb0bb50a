"""Jobs and volunteer roles, the role guide and the news, as those who use them, at both widths."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linkworkers.outbox.models import Message
from members.actions import articles
from members.actions import vacancies as actions
from members.models import Article, PayBand, User, Vacancy
from members.tests.vacancy_factories import BEFRIENDER, make_article, make_vacancy, offer
from members.vacancy_links import own_path
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)

ABOUT = f"""{LONG_NOTE}

## What we look for

- You *listen* without hurry
- {UNBROKEN}

| Day | Where |
| --- | --- |
| Monday | The Maltings |
"""
DAY = dt.timedelta(days=1)


@pytest.fixture
def bands(transactional_db: None) -> PayBand:
    """A test that commits has emptied the table that the migrations filled."""
    return PayBand.objects.get_or_create(
        name="Agenda for Change Band 5", defaults={"text": "The figures change every year.", "position": 5}
    )[0]


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"main form.offer [name={name}][value={value}]").check()


def test_pages_of_vacancies(visit: Visit, admin: User, bands: PayBand) -> None:
    page = visit()
    problems = look_at(
        page,
        [
            ("listings none", at("vacancies")),
            ("guide none", at("guide")),
            ("news none", at("news")),
            ("listings new", at("vacancy_new")),
            ("listings new errors", at("vacancy_new"), send_empty),
            ("listings sent", at("vacancy_sent")),
        ],
    )
    full = make_vacancy(by=admin, about=ABOUT, pay_band=bands, setting="hybrid", apply_text=LONG_NOTE)
    make_vacancy(by=admin, title=f"{UNBROKEN} محمد", organization=UNBROKEN, closes_on=timezone.localdate() + DAY)
    from_home = {"setting": "remote", "region": "", "town": "", "postcode": ""}
    role = make_vacancy(BEFRIENDER, by=admin, apply_email="jo@example.test", **from_home)
    closed = make_vacancy(by=admin, title="Ended", closes_on=timezone.localdate() - DAY)
    waiting, unconfirmed = make_vacancy(), make_vacancy(state="unconfirmed", confirmed_at=None)
    changed = make_vacancy(by=admin)
    actions.edit(changed, offer=offer(title="Senior link worker", about=ABOUT))
    declined = make_vacancy()
    actions.decide(declined, approve=False, reason="Say what it pays.", version=1, by=admin)
    withdrawn = actions.withdraw(make_vacancy(by=admin))
    for number in range(20):
        make_vacancy(by=admin, title=f"Link worker {number}")
    problems += look_at(
        page,
        [
            ("listings", at("vacancies")),
            ("listings narrowed", f"{at('vacancies')}?q=befriender&pay=&sort=closing"),
            ("listings a pay that is none", f"{at('vacancies')}?pay=lots"),
            ("listings nothing fits", f"{at('vacancies')}?q=zebra"),
            ("listing", full.get_absolute_url()),
            ("listing volunteer", role.get_absolute_url()),
            ("listing closed", closed.get_absolute_url()),
            ("own unconfirmed", own_path(unconfirmed)),
            ("own waiting", own_path(waiting)),
            ("own public", own_path(full)),
            ("own closed", own_path(closed)),
            ("own changed", own_path(changed)),
            ("own declined", own_path(declined)),
            ("own withdrawn", own_path(withdrawn)),
            ("own edit", f"{own_path(full)}edit/"),
            ("own withdraw", f"{own_path(full)}withdraw/"),
        ],
    )
    problems += look_at(
        visit(admin),
        [
            ("office listings", at("admin:members_vacancy_changelist")),
            ("office listing waiting", at("admin:members_vacancy_change", waiting.pk)),
            ("office listing changed", at("admin:members_vacancy_change", changed.pk)),
            ("office listing declined", at("admin:members_vacancy_change", declined.pk)),
            ("office pay bands", at("admin:members_payband_changelist")),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_guide_and_the_news(visit: Visit, admin: User) -> None:
    first = make_article(title=UNBROKEN, text=ABOUT, summary=LONG_NOTE[:390])
    page_ = make_article(section="Pay and contracts")
    draft = make_article(public=False, section="Pay and contracts")
    news = [make_article(kind="news", section="", title=f"News {number}", text=ABOUT) for number in range(14)]
    articles.save(page_, fields={"text": f"## First\n\nOther words.\n\n{ABOUT}"}, base=1, by=admin)
    problems = look_at(
        visit(),
        [
            ("guide", at("guide")),
            ("guide page", page_.get_absolute_url()),
            ("guide page long", first.get_absolute_url()),
            ("news", at("news")),
            ("news item", news[0].get_absolute_url()),
        ],
    )
    office = visit(admin)
    problems += look_at(office, [("guide page draft", draft.get_absolute_url())])
    problems += look_at(
        office,
        [
            ("office articles", at("admin:members_article_changelist")),
            ("office article new", at("admin:members_article_add")),
            ("office article", at("admin:members_article_change", page_.pk)),
            ("office article versions", at("admin:members_article_history", page_.pk)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_an_employer_posts_a_job_and_anybody_finds_it(visit: Visit, admin: User, bands: PayBand) -> None:
    page = visit(width=390)
    page.goto(at("vacancies"))
    page.get_by_role("link", name="Post a job or a role").first.click()
    choose(page, "kind", "volunteer")
    expect(page.get_by_label("Pay from")).to_be_hidden()
    choose(page, "kind", "job")
    page.get_by_label("Title").fill("Link worker for carers")
    page.get_by_label("Organisation").fill("Verulam Carers")
    page.get_by_label("What it is about").fill("You *listen* to carers.")
    choose(page, "setting", "on_site")
    page.get_by_label("Region").select_option("east")
    page.get_by_label("Town or area").fill("St Albans")
    page.get_by_label("Pay from").fill("31000")
    page.get_by_label("Pay to").fill("28000")
    page.locator("[name=pay_per]").select_option("year")
    page.get_by_label("Hours a week").fill("30")
    page.locator("[name=contract]").select_option("permanent")
    page.get_by_label("Web address of the application").fill("example.org/jobs")
    closing = timezone.localdate() + dt.timedelta(days=30)
    page.get_by_label("Closing date").fill(f"{closing:%-d %B %Y}")
    page.get_by_label("Your name").fill("Jo Reed")
    page.get_by_label("Your e-mail address").fill("jo@example.test")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("link", name=re.compile("ends below where it begins")).click()
    expect(page.get_by_label("Pay to")).to_be_focused()
    page.get_by_label("Pay to").fill("33000")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    mail = Message.objects.get(kind="vacancy-confirm")
    page.goto(re.search(r"http://testserver(/listings/mine/\S+)", mail.text)[1])  # type: ignore[index]
    page.get_by_role("button", name="Yes, I posted this").click()
    expect(page.get_by_text("Waiting for the office.")).to_be_visible()

    office = visit(admin)
    office.goto(at("admin:index"))
    office.get_by_role("link", name=re.compile("job or role waiting")).click()
    office.get_by_role("link", name="Link worker for carers").click()
    office.get_by_label("Yes: make it public").check()
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text("is public as you read it")).to_be_visible()

    page.goto(at("vacancies"))
    page.get_by_label("Words").fill("carer")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("£31,000 to £33,000 a year")).to_be_visible()
    page.get_by_role("link", name="Link worker for carers").click()
    expect(page.get_by_role("link", name="Apply on their site")).to_have_attribute("href", "https://example.org/jobs")
    assert Vacancy.objects.get().decided_by == admin


def test_the_office_edits_the_guide_compares_and_goes_back(visit: Visit, admin: User) -> None:
    article = make_article(title="Pay", slug="pay", text="## Bands\n\nAsk for the old figures.")
    page = visit(admin)
    page.goto(at("admin:members_article_change", article.pk))
    page.locator("[name=text]").fill("## Bands\n\nAsk for the new figures.")
    page.locator("[name=note]").fill("New year")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("Ask for the new figures.")).to_be_visible()
    page.goto(at("admin:members_article_change", article.pk))
    page.get_by_role("link", name="Versions").first.click()
    expect(page.locator("del")).to_have_text("old")
    expect(page.locator("ins")).to_have_text("new")
    page.get_by_role("button", name="Bring back version 1").click()
    expect(page.get_by_text("reads like version 1 again")).to_be_visible()
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("Ask for the old figures.")).to_be_visible()
    assert Article.objects.get().version == 3
