"""What page numbers of the open data count by."""

import pgtrigger
from django.db import models
from django.db.models import F


def counting(name: str, kind: str, *, came: bool, public: str = "") -> pgtrigger.Trigger:
    """A trigger that appends to `PageTally` how many rows came or went. `public` joins `r` and says which count."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert if came else pgtrigger.Delete,
        referencing=pgtrigger.Referencing(new="r") if came else pgtrigger.Referencing(old="r"),
        func=_append(kind, "+1" if came else "-1", f"r {public}"),
    )


def _append(kind: str, change: str, rows: str) -> str:
    return f"""
        INSERT INTO directory_pagetally (kind, prefix, change)
        SELECT '{kind}', get_byte(uuid_send(r.id), 0), sum({change}) FROM {rows} GROUP BY 2;
        RETURN NULL;
    """  # noqa: S608 - nothing of it was typed by anybody


def moving(name: str, kind: str) -> pgtrigger.Trigger:
    """The trigger of locations: one that becomes confidential takes its services' places out, and the other way."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="o", new="n"),
        func=_append(
            kind,
            "CASE WHEN n.confidential THEN -1 ELSE 1 END",
            "o JOIN n USING (id) JOIN directory_serviceatlocation r ON r.location_id = n.id "
            "WHERE n.confidential <> o.confidential",
        ),
    )


class PageTally(models.Model):
    """How many services, or places of them, have an id that begins with a byte.

    Triggers append a line for every change, so that writers never wait for each other; a task adds the lines up.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Services"
        SERVICE_AT_LOCATION = "service_at_location", "Services at locations"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    prefix = models.PositiveSmallIntegerField()
    change = models.IntegerField()

    class Meta:
        indexes = [models.Index(F("kind"), F("prefix"), include=["change"], name="page_tally")]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix:02x}: {self.change:+}"
