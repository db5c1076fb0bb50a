"""What page numbers of the open data count by."""

import pgtrigger
from django.db import connection, models
from django.db.models import F

PUBLIC = "JOIN directory_location l ON l.id = r.location_id WHERE NOT l.confidential"


def counting(name: str, kind: str, *, came: bool) -> pgtrigger.Trigger:
    """A trigger that appends to `PageTally` how many rows came or went."""
    return _came_or_went(name, came, _append(kind, "+1" if came else "-1", "r"))


def counting_placed(name: str, kind: str, *, came: bool) -> pgtrigger.Trigger:
    """The same for rows at a location, of which those at a public one count."""
    return _came_or_went(name, came, _hold("r") + _append(kind, "+1" if came else "-1", f"r {PUBLIC}"))


def moving(name: str, kind: str) -> pgtrigger.Trigger:
    """The trigger of rows that are put at another location: they go from the old one and come to the new one."""
    moved = f"{PUBLIC} AND o.location_id <> n.location_id"
    return _changed(
        name,
        _hold("o")
        + _hold("n")
        + _append(kind, "-1", f"o JOIN n USING (id) JOIN o r USING (id) {moved}")
        + _append(kind, "+1", f"o JOIN n USING (id) JOIN n r USING (id) {moved}"),
    )


def hiding(name: str, kind: str) -> pgtrigger.Trigger:
    """The trigger of locations: one that becomes confidential takes its services' places out, and the other way."""
    return _changed(
        name,
        _append(
            kind,
            "CASE WHEN n.confidential THEN -1 ELSE 1 END",
            "o JOIN n USING (id) JOIN directory_serviceatlocation r ON r.location_id = n.id "
            "WHERE n.confidential <> o.confidential",
        ),
    )


def _came_or_went(name: str, came: bool, then: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert if came else pgtrigger.Delete,
        referencing=pgtrigger.Referencing(new="r") if came else pgtrigger.Referencing(old="r"),
        func=f"{then} RETURN NULL;",
    )


def _changed(name: str, then: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="o", new="n"),
        func=f"{then} RETURN NULL;",
    )


def _append(kind: str, change: str, rows: str) -> str:
    return f"""
        INSERT INTO directory_pagetally (kind, prefix, change)
        SELECT '{kind}', get_byte(uuid_send(r.id), 0), sum({change}) FROM {rows} GROUP BY 2;
    """  # noqa: S608 - nothing of it was typed by anybody


def _hold(rows: str) -> str:
    """Holds the rows' locations until the commit: whoever makes one confidential meanwhile waits, and counts after."""
    return f"""
        PERFORM 1 FROM directory_location WHERE id IN (SELECT location_id FROM {rows}) ORDER BY id FOR SHARE;
    """  # noqa: S608 - nothing of it was typed by anybody


class PageTallyManager(models.Manager["PageTally"]):
    def compact(self) -> None:
        """Adds the lines up. Safe twice at once, and beside writers: each line is taken once, by whoever deletes it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH gone AS (DELETE FROM directory_pagetally RETURNING kind, prefix, change) "
                "INSERT INTO directory_pagetally (kind, prefix, change) "
                "SELECT kind, prefix, sum(change) FROM gone GROUP BY kind, prefix HAVING sum(change) <> 0"
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

    objects = PageTallyManager()

    class Meta:
        indexes = [models.Index(F("kind"), F("prefix"), include=["change"], name="page_tally")]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix:02x}: {self.change:+}"
