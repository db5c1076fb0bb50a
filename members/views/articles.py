"""The role guide and the news, for everybody. The office sees its drafts where they will stand."""

from itertools import groupby, pairwise
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.article_feed import NewsFeed
from members.models import Article, User
from members.writing import contents

PAGE = 12


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All of it, by section: a section stands where its first page does."""
    pages = list(_visible(request).guide().defer("text", "html"))
    order = {page.section: number for number, page in reversed(list(enumerate(pages)))}
    by_section = groupby(sorted(pages, key=lambda page: order[page.section]), key=attrgetter("section"))
    sections = [(section, list(some)) for section, some in by_section]
    return render(request, "members/articles/guide.html", {"sections": sections})


@require_safe
def guide_page(request: HttpRequest, guide_slug: str) -> HttpResponse:
    """One page, with what it contains and what comes before and after it."""
    article = get_object_or_404(_visible(request).guide(), slug=guide_slug)
    pages = list(_visible(request).guide().defer("text", "html"))
    neighbours = {after.pk: before for before, after in pairwise(pages)}
    followers = {before.pk: after for before, after in pairwise(pages)}
    context = {
        "article": article,
        "contents": contents(article.html),
        "previous": neighbours.get(article.pk),
        "next": followers.get(article.pk),
    }
    return render(request, "members/articles/guide_page.html", context)


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


def _visible(request: HttpRequest):  # type: ignore[no-untyped-def]
    return Article.objects.visible_to(request.user if isinstance(request.user, User) else None)
