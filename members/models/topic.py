"""What members write to each other in a community: topics, replies, and who wants to do it too."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from linkworkers.markdown import render
from members.models.community import Community, Following, Moderator
from members.models.user import Role, User

LONGEST_TEXT = 20_000  # characters
CONFIGURATION = "english"


class Written(models.Model):
    """A text that somebody wrote: they may change it or take it back, and a moderator may hide it.

    What is taken back is gone; what is hidden is kept, and shown to its author and to moderators.
    """

    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    html = models.TextField(editable=False)  # of the text, made when it is saved
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.TextField(blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # pressed twice, sent once

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(text="", html=""), name="%(class)s_taken_back_is_gone"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_by=None, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
                name="%(class)s_hidden_has_facts",
            ),
        ]

    def write(self, text: str) -> None:
        """Sets the text and its HTML. Does not save."""
        self.text, self.html = text, render(text)

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User) -> "TopicQuerySet":
        """Those of communities that have a page; hidden ones for their author, its moderators and the office alone."""
        shown = self.filter(community__state__in=[Community.State.OPEN, Community.State.CLOSED])
        if user.has_role(Role.ADMINISTRATOR):
            return shown
        moderated = Moderator.objects.current().filter(user=user).values("community")
        return shown.filter(Q(hidden_at=None) | Q(author=user) | Q(community__in=moderated))

    def listed(self) -> "TopicQuerySet":
        """Those in the lists: not hidden, and not taken back before anybody answered."""
        return self.filter(hidden_at=None).exclude(taken_back_at__isnull=False, reply_count=0)

    def with_standing(self, user: User) -> "TopicQuerySet":
        """Each with `follows`, `is_moderator` and `wants_too` of a person."""
        return self.annotate(
            follows=Exists(Following.objects.filter(topic=OuterRef("pk"), user=user, is_muted=False)),
            is_moderator=Exists(Moderator.objects.current().filter(community=OuterRef("community"), user=user)),
            wants_too=Exists(TopicWish.objects.filter(topic=OuterRef("pk"), user=user)),
        )

    def newest_first(self) -> "TopicQuerySet":
        """Pinned ones first, then those in which somebody wrote last."""
        return self.order_by("-is_pinned", "-last_at", "-pk")

    def search(self, words: str, community: Community) -> "TopicQuerySet":
        """Those of a community in which, or in whose replies, the words stand."""
        query = SearchQuery(words, config=CONFIGURATION, search_type="websearch")
        titles = Topic.objects.order_by().filter(community=community, words=query)
        replies = Reply.objects.order_by().filter(topic__community=community, words=query, hidden_at=None)
        return self.filter(pk__in=titles.values("pk").union(replies.values("topic")))


class Topic(Written):
    """A question, a discussion, or a story of something that worked, with the replies to it.

    `reply_count` counts every reply that has a place, `wish_count` who wants to do it too; `last_at` is when somebody
    wrote last. The actions keep them, and `members.actions.communities.recount` counts them anew.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        DISCUSSION = "discussion", "Discussion"
        LEARNED = "learned", "What I learned"

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="topics")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=150, blank=True)
    is_pinned = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)
    reply_count = models.PositiveIntegerField("replies", default=0)
    wish_count = models.PositiveIntegerField("want to do this too", default=0)
    last_at = models.DateTimeField("last activity", default=timezone.now)
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIGURATION)
        + SearchVector("text", weight="B", config=CONFIGURATION),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TopicQuerySet.as_manager()

    class Meta(Written.Meta):
        abstract = False
        constraints = [
            *Written.Meta.constraints,
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=False, title="") | Q(taken_back_at=None) & ~Q(title=""),
                name="topic_has_title_until_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_reason="") | Q(closed_at__isnull=False) & ~Q(closed_reason=""),
                name="topic_closed_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                F("community"),
                F("is_pinned").desc(),
                F("last_at").desc(),
                F("id").desc(),
                name="topic_newest",
                condition=Q(hidden_at=None),
            ),
            models.Index(fields=["last_at"], name="topic_last"),
            GinIndex(fields=["words"], name="topic_words"),
        ]

    def __str__(self) -> str:
        return self.title or "Taken back by its author"

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.community.slug, self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def takes_replies(self) -> bool:
        return not self.is_closed and not self.is_hidden and self.community.is_open

    @property
    def takes_wishes(self) -> bool:
        """Whether somebody can say that they want to do this too."""
        return (
            self.kind == self.Kind.LEARNED and not self.is_taken_back and not self.is_hidden and self.community.is_open
        )

    @property
    def link(self) -> str:
        """An address that still leads here when the topic has moved: for mails."""
        return reverse("topic_link", args=[self.pk])


class Reply(Written):
    """An answer in a topic. It keeps its place whatever becomes of its text."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="replies")
    words = models.GeneratedField(
        expression=SearchVector("text", config=CONFIGURATION), output_field=SearchVectorField(), db_persist=True
    )

    class Meta(Written.Meta):
        abstract = False
        verbose_name_plural = "replies"
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["topic", "written_at", "id"], name="reply_in_order"),
            GinIndex(fields=["words"], name="reply_words"),
        ]

    def __str__(self) -> str:
        return f"{self.author}’s reply in {self.topic}"

    @property
    def link(self) -> str:
        """An address that leads to its place, on whatever page that is."""
        return reverse("reply_link", args=[self.pk])


class TopicWish(models.Model):
    """Somebody wants to do what a topic tells of. Its author sees who, and what they say."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="wishes")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="topic_wish_once")]

    def __str__(self) -> str:
        return f"{self.user} wants to do this too"
