"""People, workplaces, posts and memberships for tests: each valid, with nothing a test did not ask for."""

import datetime as dt
import time
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as second_factor_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import Membership, Plan, Post, Role, Term, User, Workplace

PASSWORD = "seven grey herons waiting"  # noqa: S105
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def code_shown(secret: str = TOTP_SECRET) -> str:
    """What an authenticator app shows now: six figures that change every 30 seconds."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // second_factor_settings.TOTP_PERIOD))


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can log in with PASSWORD, their address verified and a second factor (TOTP_SECRET) set up.

    `second_factor=False` leaves that out: whoever needs one is then sent to set one up.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person-{n}@example.test")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=extracted is not False)

    @factory.post_generation
    def second_factor(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            TOTP.activate(self, TOTP_SECRET)


class NetworkFactory(DjangoModelFactory[Workplace]):
    class Meta:
        model = Workplace

    kind = Workplace.Kind.NETWORK
    name = factory.Sequence(lambda n: f"Network {n}")


class WorkplaceFactory(DjangoModelFactory[Workplace]):
    """A practice with a network of its own, unless told otherwise. Any other `kind` needs `parent=None`."""

    class Meta:
        model = Workplace

    kind = Workplace.Kind.PRACTICE
    name = factory.Sequence(lambda n: f"Practice {n}")
    parent = factory.SubFactory(NetworkFactory)


class PostFactory(DjangoModelFactory[Post]):
    """A post held from today on: practice staff, unless told otherwise."""

    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    workplace = factory.SubFactory(WorkplaceFactory)
    role = Role.PRACTICE_STAFF


class PlanFactory(DjangoModelFactory[Plan]):
    """A free plan for people, for a year. `employer=True` makes it one for employers, with two seats."""

    class Meta:
        model = Plan
        django_get_or_create = ("key",)

    class Params:
        employer = factory.Trait(
            audience=Plan.Audience.EMPLOYER, seats_included=2, price=290, seat_price=24, name="Employer membership"
        )

    key = factory.Sequence(lambda n: f"plan-{n}")
    name = factory.Sequence(lambda n: f"Plan {n}")
    summary = "For everybody who works as a link worker."


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person's membership whose one term began today. `term=False` makes none, `term__start` another."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    plan = factory.SubFactory(PlanFactory, key="free", name="Free membership")
    applied_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def term(self: Membership, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            make_term(self, **kwargs)


class EmployerFactory(MembershipFactory):
    """An employer's membership with two seats, looked after by `contact`."""

    user = None  # type: ignore[assignment]
    contact = factory.SubFactory(UserFactory)
    organization_name = factory.Sequence(lambda n: f"Employer {n}")
    plan = factory.SubFactory(PlanFactory, key="employer-of-tests", employer=True)
    seats = 2


def make_term(membership: Membership, *, start: dt.date | None = None, days: int = 365, seats: int = 0) -> Term:
    """Covers `days` days from `start`, today unless told, and brings the membership's own dates up to date."""
    start = start or timezone.localdate()
    term = Term.objects.create(
        membership=membership,
        plan=membership.plan,
        start_date=start,
        end_date=start + dt.timedelta(days=days - 1),
        seats=seats or membership.seats,
        reason=Term.Reason.JOINED,
    )
    membership.refresh_from_db(fields=["ends_on"])
    return term
