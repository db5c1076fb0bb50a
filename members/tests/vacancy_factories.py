"""Jobs, roles and articles for tests, as the actions leave them."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.actions import articles
from members.models import Article, ArticleVersion, User, Vacancy
from members.writing import as_page

LINK_WORKER = {
    "kind": "job",
    "title": "Social prescribing link worker",
    "organization": "Mid Herts Primary Care Network",
    "about": "You **listen**, agree a plan and go along.",
    "setting": "on_site",
    "region": "east",
    "town": "St Albans",
    "postcode": "AL1 3JQ",
    "pay_from": Decimal(28000),
    "pay_to": Decimal(31000),
    "pay_per": "year",
    "pay_band": None,
    "expenses": "",
    "hours": Decimal("37.5"),
    "contract": "permanent",
    "contract_until": None,
    "starts": "As soon as possible",
    "apply_url": "https://jobs.example.org/1",
    "apply_email": "",
    "apply_text": "",
}
BEFRIENDER = LINK_WORKER | {
    "kind": "volunteer",
    "title": "Telephone befriender",
    "pay_from": None,
    "pay_to": None,
    "pay_per": "",
    "contract": "",
    "expenses": "Your telephone bill",
    "hours": Decimal(2),
}


def soon() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=30)


def offer(of: dict[str, Any] = LINK_WORKER, **changed: Any) -> dict[str, Any]:
    """What an action takes: an open job for a month, unless told otherwise."""
    return {**of, "closes_on": soon(), **changed}


def typed(of: dict[str, Any] = LINK_WORKER, **changed: Any) -> dict[str, str]:
    """The same as a browser sends it, with who posts it."""
    who = {"contact_name": "Jo Reed", "contact_email": "jo@example.test", "submission": str(uuid.uuid4())}
    day = soon()
    facts = {**of, "closes_on": f"{day.day} {day.month} {day.year}", **who, **changed}
    return {name: "" if value is None else str(value) for name, value in facts.items()}


def make_vacancy(of: dict[str, Any] = LINK_WORKER, *, by: User | None = None, **fields: Any) -> Vacancy:
    """One that waits for the office; a public one with `by`, who said yes to it just now."""
    vacancy = Vacancy(contact_name="Jo Reed", contact_email="jo@example.test")
    names = {field.name for field in Vacancy._meta.fields}
    vacancy.take(offer(of))
    vacancy.state, vacancy.confirmed_at = Vacancy.State.WAITING, timezone.now()
    if by is not None:
        vacancy.state, vacancy.decided_by, vacancy.decision = Vacancy.State.APPROVED, by, "approved"
        vacancy.published_at = vacancy.decided_at = timezone.now()
    for name, value in fields.items():
        assert name in names, name
        setattr(vacancy, name, value)
    vacancy.save()
    return vacancy


def make_article(*, public: bool = True, **fields: Any) -> Article:
    """A page of the guide, unless told otherwise, as a colleague of the office left it: with its first version."""
    number = Article.objects.count() + 1
    facts = {
        "kind": "guide",
        "slug": f"page-{number}",
        "title": f"Page {number}",
        "summary": "What it is about.",
        "text": "## First\n\nSome words.\n\n## Second\n\nMore words.",
        "section": "The work",
        "position": number,
        "author": "The office",
    }
    article = Article(**{**facts, **fields}, version=1)
    article.html = as_page(article.text)
    article.published_at = timezone.now() if public else None
    article.save()
    kept = {name: getattr(article, name) for name in articles.WRITTEN}
    ArticleVersion.objects.create(article=article, number=1, **kept)
    return article
