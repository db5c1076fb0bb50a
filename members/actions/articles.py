"""Writing the role guide and the news: every save is a version, and none is ever lost."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.models import Article, ArticleVersion, User
from members.writing import as_page

WRITTEN = ("title", "summary", "text")
PLACED = ("kind", "slug", "section", "position", "author")


@transaction.atomic
def save(article: Article, *, fields: dict[str, Any], base: int, note: str = "", by: User) -> Article:
    """Keeps a new article, or what was changed in one; a new version when the title, the summary or the text differ.

    `fields` are those of WRITTEN and PLACED that are set; `base` is the version that they were written over. A new
    article is a draft. Raises PermissionDenied, and Refused when somebody saved a version meanwhile.
    """
    _check(by)
    if article._state.adding:
        locked = Article(html="")
    else:
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.version != base:
            raise Refused(overtaken(locked.versions.select_related("by")[0]))
    before = {name: getattr(locked, name) for name in (*WRITTEN, *PLACED)}
    for name, value in fields.items():
        setattr(locked, name, value)
    changed = [name for name in before if before[name] != getattr(locked, name)]
    is_written = locked._state.adding or any(name in changed for name in WRITTEN)
    if is_written:
        locked.html, locked.version, locked.changed_at = as_page(locked.text), locked.version + 1, timezone.now()
    if changed:
        locked.save()
        record("article.saved", by=by, subject=locked, summary=str(locked), facts={"changed": changed, "note": note})
    if is_written:
        kept = {name: getattr(locked, name) for name in WRITTEN}
        ArticleVersion.objects.create(article=locked, number=locked.version, note=note, by=by, **kept)
    return locked


def overtaken(latest: ArticleVersion) -> str:
    """What to tell somebody who wrote over a version that is not the newest any more."""
    when = timezone.localtime(latest.at)
    return (
        f"{latest.by or 'Somebody'} saved version {latest.number} at {when:%H:%M} on {when:%-d %B} while you were "
        "writing. Nothing of yours is lost: it is still below. Compare it with theirs under “Versions”, then save "
        "again to put yours in its place."
    )


@transaction.atomic
def restore(version: ArticleVersion, *, by: User) -> Article:
    """Makes an old version the newest again, as a version of its own. Raises PermissionDenied, and Refused when the
    article reads like that already.
    """
    _check(by)
    article = Article.objects.select_for_update().get(pk=version.article_id)
    fields = {name: getattr(version, name) for name in WRITTEN}
    if all(getattr(article, name) == value for name, value in fields.items()):
        raise Refused(f"It reads like version {version.number} already.")
    return save(article, fields=fields, base=article.version, note=f"Back to version {version.number}", by=by)


@transaction.atomic
def publish(article: Article, *, by: User) -> Article:
    """Makes it public now. A second time changes nothing. Raises PermissionDenied."""
    return _set_public(article, True, by)


@transaction.atomic
def unpublish(article: Article, *, by: User) -> Article:
    """Takes it back to a draft, which the office alone sees. Raises PermissionDenied."""
    return _set_public(article, False, by)


def _set_public(article: Article, public: bool, by: User) -> Article:
    _check(by)
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if locked.is_public != public:
        locked.published_at = timezone.now() if public else None
        locked.save(update_fields=["published_at"])
        record(f"article.{'published' if public else 'unpublished'}", by=by, subject=locked, summary=str(locked))
    return locked


def _check(by: User) -> None:
    if not permissions.can_write_articles(by):
        raise PermissionDenied
