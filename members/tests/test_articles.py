"""The role guide and the news: every save is a version, nobody writes over a colleague unknowingly."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.actions import articles as actions
from members.factories import PostFactory
from members.latest import latest
from members.models import Article, ArticleVersion, Role
from members.tests.vacancy_factories import make_article, make_vacancy
from members.writing import as_page, contents, differences
from referrals.tests.race import race

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def change(article: Article) -> str:
    return reverse("admin:members_article_change", args=[article.pk])


def versions(article: Article) -> str:
    return reverse("admin:members_article_history", args=[article.pk])


def form(article: Article, **changed: object) -> dict[str, object]:
    """What the office's page sends."""
    names = ["kind", "slug", "title", "summary", "text", "section", "position", "author"]
    facts = {name: getattr(article, name) for name in names}
    public = {"is_public": "on"} if article.is_public else {}
    return {**facts, "note": "", "base": article.version, **public, **changed}


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


# What is public


def test_the_guide_is_read_by_section_and_turned_like_a_book(client):
    make_article(title="Third", position=30, section="Pay")
    make_article(title="First", position=10, section="Work")
    make_article(title="Fourth", position=20, section="Pay")
    make_article(title="Second", position=25, section="Work")
    page = text(client.get("/guide/"))
    order = [page.index(f">{title}<") for title in ("First", "Second", "Fourth", "Third")]
    assert order == sorted(order)
    second = text(client.get(Article.objects.get(title="Second").get_absolute_url()))
    assert re.search(r'rel="prev".*First', second)
    assert re.search(r'rel="next".*Fourth', second)
    assert '<a href="#part-2">Second</a>' in second
    assert "Last changed" in second


def test_what_is_written_does_no_harm(client):
    harm = "## <script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=y> ![](https://a.example/i.png)"
    article = make_article(text=harm, title="<b>x</b>", summary='"><script>')
    for path in (article.get_absolute_url(), "/guide/"):
        page = text(client.get(path))
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page
        assert "<b>x</b>" not in page


def test_drafts_are_for_the_office(client, admin, member):
    draft = make_article(public=False, title="Not yet")
    news = make_article(public=False, kind="news", section="", title="Soon")
    for user in (None, member):
        if user:
            client.force_login(user)
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get(news.get_absolute_url()).status_code == 404
        for path in ("/guide/", "/news/", "/news/feed/", "/sitemap-articles.xml"):
            assert not {"Not yet", "Soon", draft.slug, news.slug} & set(re.findall(r"[\w -]+", text(client.get(path))))
    client.force_login(admin)
    assert "Only the office sees this page" in text(client.get(draft.get_absolute_url()))
    assert "Soon" in text(client.get("/news/"))


def test_the_feed_has_the_news_and_nothing_else(client):
    make_article(title="A page of the guide")
    news = make_article(kind="news", section="", title="<i>Rates</i> & rules\x0b", text="**Bold** words\x0c")
    feed = text(client.get("/news/feed/"))
    assert "&lt;i&gt;Rates&lt;/i&gt; &amp; rules" in feed
    assert "&lt;strong&gt;Bold" in feed
    assert f"http://testserver{news.get_absolute_url()}" in feed
    assert "A page of the guide" not in feed


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_no_more_for_more_rows(client, admin, rows, django_assert_max_num_queries):
    guide = make_article()
    for _ in range(rows):
        make_article()
        make_article(kind="news", section="")
    for path, most in (("/guide/", 1), (guide.get_absolute_url(), 2), ("/news/", 2), ("/news/feed/", 1)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
    assert ("page=2" in text(client.get("/news/"))) == (rows > 12)
    client.force_login(admin)
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:members_article_changelist"))


def test_the_front_pages_are_told_what_is_new(admin, django_assert_num_queries):
    for number in range(4):
        make_article(kind="news", section="", title=f"News {number}")
    make_article(kind="news", section="", title="Draft", public=False)
    make_vacancy(by=admin)
    make_vacancy()
    with django_assert_num_queries(2):
        found = latest()
        assert [news.title for news in found.news] == ["News 3", "News 2", "News 1"]
    assert found.open_vacancies == 1


# Writing


def test_the_office_alone_writes(link_worker, admin):
    article = make_article()
    for act in (
        lambda: actions.save(article, fields={"title": "Mine"}, base=1, by=link_worker),
        lambda: actions.publish(article, by=link_worker),
        lambda: actions.unpublish(article, by=link_worker),
        lambda: actions.restore(article.versions.get(), by=link_worker),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_each_save_is_a_version_and_one_without_change_is_none(office, admin):
    blank = {"slug": "", "title": "", "summary": "", "text": "", "kind": ""}
    page = text(office.post(reverse("admin:members_article_add"), blank))
    for sentence in ("Write the title.", "Write the text.", "Write a summary"):
        assert sentence in page
    written = {"kind": "guide", "slug": "pay", "title": "Pay", "summary": "How much.", "text": "Words", "position": 1}
    assert "Write the section" in text(office.post(reverse("admin:members_article_add"), written))
    office.post(reverse("admin:members_article_add"), {**written, "section": "Pay"})
    article = Article.objects.get()
    assert (article.version, article.is_public, article.html) == (1, False, "<p>Words</p>\n")
    office.post(change(article), form(article, text="Better words", note="Clearer", is_public="on"))
    article.refresh_from_db()
    assert (article.version, article.is_public) == (2, True)
    office.post(change(article), form(article, section="Money"))
    article.refresh_from_db()
    assert (article.version, article.section) == (2, "Money")
    assert list(article.versions.values_list("number", "note", "by__name")) == [
        (2, "Clearer", "Kit Marlow"),
        (1, "", "Kit Marlow"),
    ]
    assert AuditEvent.objects.filter(verb="article.saved").count() == 3


def test_who_saves_second_is_told_and_loses_nothing(office, admin):
    article = make_article()
    opened = form(article, text="What I wrote")
    actions.save(article, fields={"text": "What Kit wrote"}, base=1, by=admin)
    page = text(office.post(change(article), opened))
    assert "Kit Marlow saved version 2 at" in page
    assert "What I wrote" in page
    article.refresh_from_db()
    assert article.text == "What Kit wrote"
    assert 'name="base" value="2"' in page
    office.post(change(article), {**opened, "base": 2})
    article.refresh_from_db()
    assert (article.text, article.version) == ("What I wrote", 3)
    assert article.versions.get(number=2).text == "What Kit wrote"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_version(admin, association):
    colleague = PostFactory(workplace=association, role=Role.ADMINISTRATOR).user
    article = make_article()
    first, second = race(
        Article.objects.all(),
        lambda: actions.save(article, fields={"text": "One"}, base=1, by=admin),
        lambda: actions.save(article, fields={"text": "Two"}, base=1, by=colleague),
    )
    assert (first.version, type(second)) == (2, Refused)
    assert "Kit Marlow saved version 2" in str(second)


def test_an_old_version_comes_back_as_a_new_one(office, admin):
    article = make_article(text="Old words")
    actions.save(article, fields={"text": "New words\n\nand more"}, base=1, by=admin)
    page = text(office.get(versions(article)))
    assert '<del class="bg-red-100 dark:bg-red-500/20">Old</del>' in page
    assert "and more" in page
    office.post(versions(article), {"restore": 1})
    article.refresh_from_db()
    assert (article.text, article.version, article.html) == ("Old words", 3, "<p>Old words</p>\n")
    assert "Back to version 1" in text(office.get(versions(article)))
    assert "reads like version 1 already" in text(office.post(versions(article), {"restore": 1}, follow=True))


@pytest.mark.parametrize("asked", ["from=99&to=1", "from=x&to=-1", "from=²&to=99999999999999999999", "from=%00"])
def test_versions_that_are_not_there_are_not_compared(office, asked):
    assert office.get(f"{versions(make_article())}?{asked}").status_code == 200
    assert office.post(versions(make_article()), {"restore": "99"}).status_code == 404


def test_a_version_of_another_article_is_not_brought_back(office, admin):
    mine, other = make_article(text="Mine"), make_article(text="Other")
    actions.save(other, fields={"text": "Other again"}, base=1, by=admin)
    assert office.post(versions(mine), {"restore": 2}).status_code == 404


def test_versions_are_written_once(admin):
    version = make_article().versions.get()
    for change_it in (
        lambda: version.save(),
        lambda: version.delete(),
        lambda: ArticleVersion.objects.update(note="x"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change_it()


def test_an_address_is_one_pages_and_stays(office):
    article = make_article(slug="pay")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(slug="pay")
    make_article(slug="pay", kind="news", section="")
    office.post(change(article), form(article, slug="elsewhere", kind="news", title="Renamed"))
    article.refresh_from_db()
    assert (article.slug, article.kind, article.title) == ("pay", "guide", "Renamed")
    new = {"kind": "news", "slug": "feed", "title": "x", "summary": "x", "text": "x", "position": 0}
    assert "belongs to the news feed" in text(office.post(reverse("admin:members_article_add"), new))
    taken = text(office.post(reverse("admin:members_article_add"), {**new, "slug": "pay"}))
    assert "Another page has this address" in taken


def test_some_are_made_public_or_drafts_together(office):
    article = make_article(public=False)
    data = {"_selected_action": [article.pk]}
    for action, public in (("publish", True), ("publish", True), ("unpublish", False)):
        office.post(reverse("admin:members_article_changelist"), {**data, "action": action})
        article.refresh_from_db()
        assert article.is_public is public


# Words


def test_headings_begin_at_the_second_level_and_can_be_jumped_to():
    html = as_page("# One & <b>all</b>\n\n### Deep\n\n## Two")
    assert contents(html) == [("part-1", "One & <b>all</b>")]
    assert "<h4>Deep</h4>" in html
    assert "<h3>Two</h3>" in html


def test_a_comparison_says_each_word_once():
    before, after = "Same\nThe old house\nGone", "Same\nThe new house\nGone\nMore"
    lines = differences(before, after)
    assert [line.kind for line in lines] == ["same", "changed", "same", "in"]
    assert ("out", "old") in lines[1].pieces
    assert ("in", "new") in lines[1].pieces
    back = "\n".join(
        "".join(words for what, words in line.pieces if what != "in") for line in lines if line.kind != "in"
    )
    assert back == before
