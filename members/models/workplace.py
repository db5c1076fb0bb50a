"""Where people work, and which roles can be held there."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from members.models.user import Role, User


class Region(models.TextChoices):
    """The nine English regions (ITL 1, Office for National Statistics) and the other nations of the United Kingdom."""

    NORTH_EAST = "north_east", "North East"
    NORTH_WEST = "north_west", "North West"
    YORKSHIRE = "yorkshire", "Yorkshire and the Humber"
    EAST_MIDLANDS = "east_midlands", "East Midlands"
    WEST_MIDLANDS = "west_midlands", "West Midlands"
    EAST = "east", "East of England"
    LONDON = "london", "London"
    SOUTH_EAST = "south_east", "South East"
    SOUTH_WEST = "south_west", "South West"
    SCOTLAND = "scotland", "Scotland"
    WALES = "wales", "Wales"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class WorkplaceQuerySet(models.QuerySet["Workplace"]):
    def managed_by(self, user: User) -> "WorkplaceQuerySet":
        """Workplaces whose team this person looks after: a manager's own and its practices; all for administrators."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        own = user.workplace_ids(Role.MANAGER)
        return self.filter(Q(pk__in=own) | Q(parent__in=own))


class Workplace(models.Model):
    """A practice, a primary care network, an employer, a community organisation, or the association's own office.

    `parent` is the network a practice belongs to; referrals from the practice go to it.
    """

    class Kind(models.TextChoices):
        PRACTICE = "practice", "Practice"
        NETWORK = "network", "Primary care network"
        EMPLOYER = "employer", "Employer"
        COMMUNITY = "community", "Community organisation"
        ASSOCIATION = "association", "The association"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    ods_code = models.CharField(
        "ODS code",
        max_length=10,
        null=True,
        blank=True,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]{3,10}$",
                "An ODS code has 3 to 10 capital letters and digits.",
            )
        ],
        help_text="The Organisation Data Service's code: E82060 for a practice, U12345 for a network.",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
        limit_choices_to={"kind": Kind.NETWORK},
        verbose_name="network",
        help_text="The network that this practice's referrals go to.",
    )
    region = models.CharField(max_length=20, choices=Region.choices, blank=True)
    list_size = models.PositiveIntegerField("list size", null=True, blank=True, help_text="Registered patients.")
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(
        "shared mailbox",
        blank=True,
        help_text="Told of new referrals (a network) or of decisions (a practice).",
    )

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind="practice"),
                name="workplace_only_practice_has_network",
                violation_error_message="Only a practice belongs to a network.",
            ),
            models.CheckConstraint(condition=~Q(ods_code=""), name="workplace_ods_code_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.ods_code = (self.ods_code or "").strip().upper() or None
        super().clean()

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that can be held here."""
        return ROLES_AT[self.kind]

    def advice_on_roles(self) -> str:
        """What to tell somebody who chose a role that cannot be held here."""
        return f"At {self} the roles are: {', '.join(role.label.lower() for role in self.roles)}. Choose one of them."


# Which roles can be held at which kind of workplace.
ROLES_AT: dict[str, tuple[Role, ...]] = {
    Workplace.Kind.PRACTICE: (Role.PRACTICE_STAFF, Role.VOLUNTEER, Role.COORDINATOR),
    Workplace.Kind.NETWORK: (
        Role.LINK_WORKER,
        Role.VOLUNTEER,
        Role.COORDINATOR,
        Role.MANAGER,
    ),
    Workplace.Kind.EMPLOYER: (Role.LINK_WORKER, Role.MANAGER, Role.MEMBER),
    Workplace.Kind.COMMUNITY: (
        Role.PROVIDER,
        Role.VOLUNTEER,
        Role.COORDINATOR,
        Role.MEMBER,
    ),
    Workplace.Kind.ASSOCIATION: (Role.ADMINISTRATOR, Role.MEMBER),
}
