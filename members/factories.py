"""People, workplaces and posts for tests: each valid, with nothing a test did not ask for."""

from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from factory.django import DjangoModelFactory

from members.models import Post, Role, User, Workplace

PASSWORD = "seven grey herons waiting"  # noqa: S105
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


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
