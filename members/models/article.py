"""What the association writes for everybody: the role guide, and its news."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from members.models.user import Role, User

TITLE, SUMMARY, TEXT = 120, 400, 40_000  # characters


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: User | None) -> "ArticleQuerySet":
        """What is public; the office reads its drafts too."""
        return self.all() if user is not None and user.has_role(Role.ADMINISTRATOR) else self.published()

    def guide(self) -> "ArticleQuerySet":
        """The guide, in the order in which it is read."""
        return self.filter(kind=Article.Kind.GUIDE).order_by("position", "pk")

    def news(self) -> "ArticleQuerySet":
        """Drafts first, for whoever sees them, then the newest."""
        return self.filter(kind=Article.Kind.NEWS).order_by(F("published_at").desc(nulls_first=True), "-pk")


class Article(models.Model):
    """A page of the guide or a piece of news, as it reads now. Every state that it was in is an `ArticleVersion`.

    `version` is the number of the latest. `html` is made from `text` by `members.writing` when a version is saved.
    """

    class Kind(models.TextChoices):
        GUIDE = "guide", "Role guide"
        NEWS = "news", "News"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    slug = models.SlugField(
        "address", max_length=80, help_text="The end of its address. It stays once the page is public."
    )
    title = models.CharField(max_length=TITLE)
    summary = models.CharField(max_length=SUMMARY, help_text="One or two sentences, shown in lists.")
    text = models.TextField(max_length=TEXT, help_text="Markdown: ## for a heading, * for a list, [words](https://…).")
    html = models.TextField(editable=False)
    section = models.CharField(max_length=60, blank=True, help_text="The guide only: the heading that it stands under.")
    position = models.PositiveSmallIntegerField(
        "order", default=0, help_text="The guide only: pages and their sections follow this number."
    )
    author = models.CharField("author shown", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField("last changed", default=timezone.now, editable=False)
    published_at = models.DateTimeField("public since", null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "guide page or news"
        verbose_name_plural = "guide and news"
        ordering = ["kind", "position", "-published_at"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "slug",
                name="article_address_once",
                violation_error_message="Another page has this address. Choose another one.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="guide") | ~Q(section=""),
                name="article_guide_has_a_section",
                violation_error_message="Write the section of the guide that it belongs to.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guide_page" if self.kind == self.Kind.GUIDE else "news_item", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class ArticleVersion(models.Model):
    """What an article said after one save. Written once: to go back is to save an old one as the newest."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE)
    summary = models.CharField(max_length=SUMMARY)
    text = models.TextField(max_length=TEXT)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("article", "number", name="article_version_number_once")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'Versions of articles are append-only: % is refused.', TG_OP;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"
