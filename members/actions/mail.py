"""Choosing which mails come, and how often."""

from collections.abc import Mapping

from django.db import transaction

from linkworkers.audit.actions import record
from members.mail_kinds import KINDS
from members.models import Frequency, MailChoice, User


@transaction.atomic
def choose_mails(chosen: Mapping[str, str], *, by: User) -> dict[str, list[str]]:
    """Keeps how often somebody wants each of these kinds; returns what changed, as [before, after].

    Raises ValueError for a frequency that a kind does not come in: the form asks for no such thing.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    before = dict(MailChoice.objects.filter(user=by, kind__in=chosen).values_list("kind", "frequency"))
    changed = {}
    for key, wanted in chosen.items():
        kind = KINDS[key]
        if wanted not in kind.choices:
            raise ValueError(f"{key} does not come {wanted}")
        was = before.get(key, kind.usual.value)
        if wanted != was:
            changed[key] = [str(was), str(wanted)]
            _keep(by, key, wanted)
    if changed:
        record("mail_choice.changed", by=by, subject=by, facts=changed)
    return changed


@transaction.atomic
def end_mails(user: User, kind: str) -> None:
    """Ends a kind of mail for whoever followed its link, logged in or not. Done already, nothing happens."""
    if user.is_active:
        choose_mails({kind: Frequency.OFF}, by=user)


@transaction.atomic
def restore_mails(user: User, kind: str) -> None:
    """Puts a kind that a link ended back to what is usual."""
    if user.is_active:
        choose_mails({kind: KINDS[kind].usual}, by=user)


def erase(user: User) -> None:
    MailChoice.objects.filter(user=user).delete()


def _keep(user: User, kind: str, wanted: str) -> None:
    """A row where it differs from the usual, and none where it does not."""
    if wanted == KINDS[kind].usual:
        MailChoice.objects.filter(user=user, kind=kind).delete()
    else:
        MailChoice.objects.update_or_create(user=user, kind=kind, defaults={"frequency": wanted})
