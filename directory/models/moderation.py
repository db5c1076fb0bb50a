"""What others say about a listing, and what becomes of it."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from directory.models.organization import Organization
from directory.models.service import Service


class Assurance(models.Model):
    """That somebody checked a listing: when, how, and what they found. Written once."""

    class Outcome(models.TextChoices):
        RIGHT = "right", "Still right"
        FULL = "full", "Full"
        OPEN = "open", "Has room again"
        CLOSED = "closed", "Closed"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="assurances")
    on = models.DateField(default=timezone.localdate)
    how = models.CharField(max_length=10, choices=Service.How.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RIGHT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody when the owner answered through a link.",
    )
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(F("service"), F("on").desc(), name="assurance_of_service")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} on {self.on:%Y-%m-%d}"


class Decision(models.TextChoices):
    """What a moderator made of something."""

    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


class Moderated(models.Model):
    """Something that waits for a moderator, who decides once."""

    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    answer = models.TextField(blank=True, help_text="What the moderator said to whoever asked.")

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="%(class)s_decided_has_time",
            )
        ]
        indexes = [models.Index("created_at", condition=Q(state="waiting"), name="%(class)s_waiting")]

    @property
    def is_waiting(self) -> bool:
        return self.state == Decision.WAITING


class Suggestion(Moderated):
    """What anybody thinks should change in a listing, or a listing that is missing (`service` is empty then)."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions")
    text = models.TextField()
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"About {self.service or 'a missing listing'}"


class Claim(Moderated):
    """Somebody says that an organisation's listings are theirs to keep. The mailbox in the listing or a moderator
    says yes; then a provider's post is offered to them, or opened.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="claims")
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField("your name", max_length=150)
    email = models.EmailField("your e-mail address")
    message = models.TextField("how you belong to it", blank=True)
    mailed_to = models.EmailField(blank=True, editable=False, help_text="The organisation's address that was asked.")

    class Meta(Moderated.Meta):
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint("organization", "email", condition=Q(state="waiting"), name="claim_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.organization}"


class Revision(Moderated):
    """A listing as its owner wants it: a whole service in the standard's JSON. The approved one stays public meanwhile.

    Without a `service` it is a new listing. A waiting revision is replaced by the owner's next one. A document holds
    nothing of a confidential place: places are not edited this way when they are confidential.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="revisions")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="revisions")
    document = models.JSONField(encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Moderated.Meta):
        constraints = [
            *Moderated.Meta.constraints,
            models.UniqueConstraint("service", condition=Q(state="waiting"), name="revision_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"Change of {self.service or self.document.get('name', 'a new listing')}"


class ImportRun(models.Model):
    """One file or feed taken in, or only looked at. The report says what it would change, or has changed."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READING = "reading", "Reading"
        SAVING = "saving", "Saving"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("file or address", max_length=500)
    url = models.URLField(max_length=2000, blank=True)
    content = models.BinaryField(null=True, editable=False)  # the uploaded file, until it has been taken in
    dry_run = models.BooleanField("only look", default=True, help_text="Reports what would change and changes nothing.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    report = models.JSONField(default=dict, editable=False)
    by = models.ForeignKey(  # nobody when a command did it
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "import"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
