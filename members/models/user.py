"""People who can log in, and the roles their posts can have."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from members.models.post import Post


class Role(models.TextChoices):
    """What a post lets its holder do. One place for each decision: the `permissions` module of the app concerned."""

    PRACTICE_STAFF = "practice_staff", "Practice staff"
    LINK_WORKER = "link_worker", "Link worker"
    VOLUNTEER = "volunteer", "Volunteer link worker"
    COORDINATOR = "coordinator", "Volunteer coordinator"
    MANAGER = "manager", "Network manager"
    MEMBER = "member", "Member"
    PROVIDER = "provider", "Service provider"
    ADMINISTRATOR = "administrator", "Administrator"


# Whoever can see a person's record, or hand out the posts that can, logs in with a second factor.
ROLES_NEEDING_SECOND_FACTOR = frozenset(
    {
        Role.PRACTICE_STAFF,
        Role.LINK_WORKER,
        Role.VOLUNTEER,
        Role.MANAGER,
        Role.ADMINISTRATOR,
    }
)

# Their holders read and write people's records, which keep the name of whoever wrote in them.
ROLES_OPENING_RECORDS = ROLES_NEEDING_SECOND_FACTOR - {Role.ADMINISTRATOR}

FORMER_MEMBER = "A former member"
NOBODYS_DOMAIN = "left.invalid"  # of the addresses of those who left: no mail ever gets there (RFC 2606)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Makes an account. Without a password nobody can log in to it until one is set through a link."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Addresses are kept in lower case, whole: two that differ in case only are one person's."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser):
    """A person who can log in. What they may see and do follows from their current posts, and from nothing else."""

    email = models.EmailField(
        "e-mail address",
        max_length=254,
        unique=True,
        error_messages={"unique": "Somebody has this e-mail address."},
    )
    name = models.CharField("full name", max_length=150, help_text="As colleagues know you.")
    is_active = models.BooleanField("can log in", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now, editable=False)
    left_at = models.DateTimeField("left and erased", null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(is_active=False, email__endswith=f"@{NOBODYS_DOMAIN}"),
                name="user_left_is_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def name_among_members(self) -> str:
        """As members see them in what was written before they left: care records alone keep the name."""
        return FORMER_MEMBER if self.left_at else str(self)

    @cached_property
    def current_posts(self) -> list["Post"]:
        """Posts held today, with their workplaces: one query for each request, however often it is asked."""
        return list(self.posts.current().select_related("workplace").order_by("start_date", "pk"))

    def workplace_ids(self, *roles: str) -> list[int]:
        """Ids of the workplaces at which this person holds one of the roles today."""
        return [post.workplace_id for post in self.current_posts if post.role in roles]

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.current_posts)

    @property
    def needs_second_factor(self) -> bool:
        return self.has_role(*ROLES_NEEDING_SECOND_FACTOR)

    # What Django's admin asks. An administrator's post opens all of the admin, and closes it the day it ends;
    # what no administrator may do is refused by the model admins themselves.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.has_role(Role.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_perms(self, perm_list: list[str], obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
