"""The offer of a post, before somebody holds it."""

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone

from members.models.post import Post
from members.models.user import Role, User, UserManager
from members.models.workplace import Workplace


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Invitations that somebody may still be waiting for, though the link of some has expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self) -> "InvitationQuerySet":
        """Invitations whose link still works."""
        return self.unanswered().filter(expires_at__gt=Now())

    def visible_to(self, user: User) -> "InvitationQuerySet":
        """Invitations into the team this person manages; all for administrators."""
        return self.filter(workplace__in=Workplace.objects.managed_by(user))


class Invitation(models.Model):
    """An offer of a post to an e-mail address. Its link sets the password and opens the post.

    Only a hash of the link's secret is kept, so that reading this table opens no account.
    """

    LIFETIME = dt.timedelta(days=14)

    # Where it is accepted: known to whoever made or renewed the link just now, and kept nowhere.
    path = ""

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField("full name", max_length=150)
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    wte = models.DecimalField(
        "WTE",
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("sent", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("link works until", editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    accepted_at = models.DateTimeField("accepted", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True, editable=False)
    post = models.OneToOneField(
        Post,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="invitation",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "workplace",
                "role",
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
                violation_error_message="This person has been invited to this post already.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(post__isnull=False),
                name="invitation_accepted_has_post",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email}) as {self.get_role_display().lower()} at {self.workplace}"

    def clean(self) -> None:
        """Refuses what cannot be offered: a role not held there, a post held already, an invitation made already."""
        super().clean()
        self.email = UserManager.normalize_email(self.email)
        if not (self.workplace_id and self.role):
            return
        if self.role not in self.workplace.roles:
            raise ValidationError({"role": self.workplace.advice_on_roles()})
        if Post.objects.not_ended().filter(user__email=self.email, workplace=self.workplace, role=self.role).exists():
            raise ValidationError({"email": "This person holds this post already."})
        waiting = Invitation.objects.open().filter(email=self.email, workplace=self.workplace, role=self.role)
        if waiting.exclude(pk=self.pk).exists():
            raise ValidationError(
                {"email": "This person has been invited to this post already. Send that invitation again instead."}
            )

    def renew_link(self) -> None:
        """Makes a new link, `path`, good for LIFETIME from now; the one before it dies. Does not save."""
        token = secrets.token_urlsafe(32)
        self.path = reverse("invitation", args=[token])
        self.token_hash = self.hash_token(token)
        self.expires_at = timezone.now() + self.LIFETIME

    @staticmethod
    def hash_token(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        return self.state == "Waiting"

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "Accepted"
        if self.withdrawn_at:
            return "Withdrawn"
        return "Expired" if self.expires_at <= timezone.now() else "Waiting"
