"""Taking over the members of the office's old records: looked at first, then taken in whole or not at all."""

import datetime as dt
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record, record_all
from linkworkers.fingerprint import fingerprint
from linkworkers.outbox.actions import queue_all
from linkworkers.spreadsheets import Row
from members import intake, permissions
from members.emails import importing as emails
from members.intake import Checked, Entry
from members.models import Association, Membership, Term, User, Workplace
from members.models.membership import new_numbers

KEPT = dt.timedelta(hours=12)  # a file that was looked at waits so long to be taken in
AWAY = "This file has been taken in already, or has waited too long. Choose it again to see what is left to do."


def look(upload: bytes, *, name: str, by: User) -> tuple[str, Checked]:
    """What would become of each row, and a key by which the file is taken in; none when something is wrong with it.

    Raises PermissionDenied, and `linkworkers.spreadsheets.Unreadable`.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    table = intake.read(upload)
    checked = intake.check(table.rows)
    checked.notes += table.notes
    checked.problems = sorted([*table.problems, *checked.problems], key=lambda problem: problem.number)
    if checked.problems or not checked.taken_in:
        return "", checked
    key = f"members-import:{secrets.token_urlsafe(16)}"
    file = {
        "rows": [(row.number, row.cells) for row in table.rows],
        "name": name,
        "seen": fingerprint(checked.outcomes()),
    }
    cache.set(key, file, KEPT.total_seconds())
    return key, checked


@transaction.atomic
def take_in(key: str, *, invite: bool, by: User) -> list[Membership]:
    """Makes the accounts, memberships and terms of a file that was looked at; no mail, but an invitation to set a
    password to those whose account is new, if wanted.

    Raises PermissionDenied, and Refused, having changed nothing, when somebody has taken it in or what was shown is no
    longer so.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    Association.objects.select_for_update().get(pk=Association.get().pk)  # one import at a time
    file = cache.get(key) if key.startswith("members-import:") else None
    # The cache is a table: the row goes with this transaction, and whoever presses second finds none.
    if file is None or not cache.delete(key):
        raise Refused(AWAY)
    checked = intake.check([Row(number, cells) for number, cells in file["rows"]])
    if checked.problems or fingerprint(checked.outcomes()) != file["seen"]:
        raise Refused("Somebody has joined or changed since you looked. Choose the file again to see what is so now.")
    entries = checked.taken_in
    try:
        with transaction.atomic():
            people, new = _accounts(entries)
            made = _memberships(entries, people)
    except IntegrityError as error:
        raise Refused("Somebody joined at this very moment. Choose the file again to see what is so now.") from error
    record_all("account.opened", by=by, subjects=[(user, {"imported": file["name"]}) for user in new])
    record_all(
        "membership.imported",
        by=by,
        subjects=[(membership, _facts(entry, file["name"])) for membership, entry in zip(made, entries, strict=True)],
    )
    facts = {"file": file["name"], "memberships": len(made), "new_accounts": len(new), "invited": invite}
    record("members.imported", by=by, subject=Association.get(), facts=facts)
    if invite:
        whose = {membership.mailbox.pk: membership for membership in made}
        queue_all(emails.welcomes((user, whose[user.pk]) for user in new))
    return made


def _accounts(entries: list[Entry]) -> tuple[dict[str, User], list[User]]:
    """The people of these rows by address, and those whose account was made. Nobody can log in to one of these until
    they set a password by a link that was mailed to the address.
    """
    names = {entry.email: entry.name for entry in entries}
    people = {user.email: user for user in User.objects.filter(email__in=names)}
    new = [User(email=email, name=name, password=make_password(None)) for email, name in names.items()]
    new = User.objects.bulk_create([user for user in new if user.email not in people])
    EmailAddress.objects.bulk_create(EmailAddress(user=user, email=user.email, primary=True) for user in new)
    return people | {user.email: user for user in new}, new


def _memberships(entries: list[Entry], people: dict[str, User]) -> list[Membership]:
    """In the order of the rows, each with its one term."""
    numbers = new_numbers(len(entries))
    workplaces = _workplaces([entry for entry in entries if entry.plan.is_for_employers])
    made = Membership.objects.bulk_create(
        Membership(number=number, plan=entry.plan, region=entry.region, answer=entry.answer, **whose)
        for number, entry in zip(numbers, entries, strict=True)
        for whose in [_whose(entry, people[entry.email], workplaces)]
    )
    Term.objects.bulk_create(
        Term(
            membership=membership,
            plan=entry.plan,
            start_date=entry.joined,
            end_date=entry.until,
            seats=membership.seats,
            reason=Term.Reason.IMPORTED,
        )
        for membership, entry in zip(made, entries, strict=True)
    )
    return made


def _whose(entry: Entry, person: User, workplaces: dict[str, Workplace]) -> dict[str, Any]:
    if not entry.plan.is_for_employers:
        return {"user": person}
    return {
        "contact": person,
        "organization_name": entry.organization,
        "seats": entry.plan.seats_included,
        "workplace": workplaces[entry.organization],
    }


def _workplaces(entries: list[Entry]) -> dict[str, Workplace]:
    """The employers' workplaces by name: the one that is called so and has no membership, or a new one."""
    names = [entry.organization for entry in entries]
    free = Workplace.objects.filter(kind=Workplace.Kind.EMPLOYER, name__in=names, membership=None).order_by("-pk")
    found = {workplace.name: workplace for workplace in free}
    missing = [entry for entry in entries if entry.organization not in found]
    new = Workplace.objects.bulk_create(
        Workplace(kind=Workplace.Kind.EMPLOYER, name=entry.organization, region=entry.region) for entry in missing
    )
    return found | {workplace.name: workplace for workplace in new}


def _facts(entry: Entry, file: str) -> dict[str, Any]:
    return {
        "file": file,
        "row": entry.number,
        "plan": entry.plan.key,
        "from": entry.joined,
        "until": entry.until,
        "old_number": entry.old_number,
    }
