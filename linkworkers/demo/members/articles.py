"""The role guide as the association begins with it, and three pieces of news: their texts lie beside this one."""

import datetime as dt
from pathlib import Path

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import Article, ArticleVersion, Role
from members.writing import as_page

TEXTS = Path(__file__).parent / "texts"

# file, title, section, summary
GUIDE = [
    (
        "what-a-link-worker-does",
        "What a link worker does",
        "The work",
        "Listening, a plan in the person’s own words, and the way to what is near: an ordinary week.",
    ),
    (
        "clinical-and-non-clinical-roles",
        "Clinical and non-clinical roles",
        "The work",
        "Who in a surgery’s team does what, and where the line runs.",
    ),
    (
        "receptionist-and-care-navigator",
        "Receptionist and care navigator",
        "The work",
        "The desk where it begins: one more question, one more door.",
    ),
    (
        "pay-bands-and-contracts",
        "Pay bands and contracts",
        "Pay and contracts",
        "Who employs link workers, what a band means, and what to ask before you sign.",
    ),
    (
        "career-routes",
        "Career routes",
        "Ways in and on",
        "From reception, from volunteering, from a neighbouring profession: and where it can lead.",
    ),
    (
        "volunteering-first",
        "Volunteering first",
        "Ways in and on",
        "A half-day a week at a surgery: what is asked, what you get, and how it can become a job.",
    ),
]
# file, title, summary, days ago
NEWS = [
    (
        "news-ask-for-supervision",
        "Ask for supervision, and write it down",
        "Most link workers who were asked had none. Three things to do this month.",
        33,
    ),
    (
        "news-the-guide-is-rewritten",
        "The role guide is written anew",
        "Six pages, from the reception desk to contracts, with what you told us.",
        19,
    ),
    (
        "news-listings-are-open",
        "Jobs and volunteer roles: free to post, pay always shown",
        "Surgeries, networks and charities can post here from today, without an account.",
        5,
    ),
]
AUTHOR = "The association’s office"


def build(world: World, clock: Clock) -> None:
    """Saves them with their versions: the first page was put right once since."""
    by = next(person for person in world.people.values() if person.has_role(Role.ADMINISTRATOR))
    for position, (name, title, section, summary) in enumerate(GUIDE, start=1):
        at = clock.ago(60 - position, 10)
        article = _write(name, at, kind="guide", title=title, section=section, summary=summary, position=position * 10)
        first = article.text if position > 1 else article.text.replace("Ask for it before you sign.", "")
        _version(article, 1, first, at, by, "")
        if position == 1:
            article.version, article.changed_at = 2, clock.ago(12, 15)
            article.save(update_fields=["version", "changed_at"])
            _version(article, 2, article.text, article.changed_at, by, "Supervision: ask before you sign")
    for name, title, summary, days in NEWS:
        at = clock.ago(days, 9, 30)
        article = _write(name, at, kind="news", title=title, summary=summary)
        _version(article, 1, article.text, at, by, "")


def _write(name: str, at: dt.datetime, **facts: object) -> Article:
    text = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    slug = name.removeprefix("news-")
    dates = {"changed_at": at, "published_at": at}
    return Article.objects.create(slug=slug, text=text, html=as_page(text), author=AUTHOR, version=1, **dates, **facts)


def _version(article: Article, number: int, text: str, at: dt.datetime, by: object, note: str) -> None:
    said = {"title": article.title, "summary": article.summary, "text": text, "note": note}
    ArticleVersion.objects.create(article=article, number=number, by=by, at=at, **said)  # type: ignore[misc]
