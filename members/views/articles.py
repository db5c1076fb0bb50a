"""The role guide and the news, for everybody. The office sees its drafts where they will stand."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.article_feed import NewsFeed
from members.models import Article, User
from members.models.article import ArticleQuerySet
from members.writing import contents

PAGE = 12


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All of it, by section."""
    return render(request, "members/articles/guide.html", {"sections": _sections(request)})


@require_safe
def guide_page(request: HttpRequest, guide_slug: str) -> HttpResponse:
    """One page, with what it contains and what comes before and after it."""
    article = get_object_or_404(_visible(request).guide(), slug=guide_slug)
    pages = [page for some in _sections(request).values() for page in some]
    at = pages.index(article)
    context = {
        "article": article,
        "contents": contents(article.html),
        "previous": pages[at - 1] if at else None,
        "next": pages[at + 1] if at + 1 < len(pages) else None,
    }
    return render(request, "members/articles/guide_page.html", context)


def _sections(request: HttpRequest) -> dict[str, list[Article]]:
    """The guide as it is read: a section stands where its first page does."""
    sections: dict[str, list[Article]] = {}
    for page in _visible(request).guide().defer("text", "html"):
        sections.setdefault(page.section, []).append(page)
    return sections


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    found = _visible(request).news().defer("text", "html")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "members/articles/news.html", {"page": page})


@require_safe
def news_item(request: HttpRequest, news_slug: str) -> HttpResponse:
    article = get_object_or_404(_visible(request).news(), slug=news_slug)
    return render(request, "members/articles/news_item.html", {"article": article})


@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    """The news for feed readers."""
    return NewsFeed()(request)


def _visible(request: HttpRequest) -> ArticleQuerySet:
    return Article.objects.visible_to(request.user if isinstance(request.user, User) else None)
