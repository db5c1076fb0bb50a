"""The mail to whoever was taken over from the office's old records."""

from collections.abc import Iterable, Iterator

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.models import Association, Membership, User


def welcomes(people: Iterable[tuple[User, Membership]]) -> Iterator[Draft]:
    """To each whose account was made for them: what this is, and the link by which they set a password."""
    association = Association.get()
    for user, membership in people:
        token = default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
        yield Draft(
            key=f"member-taken-over:{user.pk}",
            kind="member-taken-over",
            to=user.email,
            template="member-taken-over",
            context={
                "user": user,
                "membership": membership,
                "association": association,
                "path": path,
                "again": reverse("account_reset_password"),
            },
            secret=True,
        )
