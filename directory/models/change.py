"""That the open data has changed, noted for whoever asks whether it has."""

import datetime as dt
from dataclasses import dataclass

import pgtrigger
from django.db import connection, models
from django.db.models.functions import Now


@dataclass(frozen=True)
class Version:
    """A state of all open data: `name` belongs to no other state; `at` is when the last change to it was made."""

    name: str
    at: dt.datetime | None


class DataChangeManager(models.Manager["DataChange"]):
    def version(self) -> Version:
        """The state that the next query sees, or an earlier one. One query.

        A transaction that began early may end late, so the newest line would not do: all lines together are the name.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT md5(coalesce(string_agg(id::text, ',' ORDER BY id), '')), max(at) FROM directory_datachange"
            )
            return Version(*cursor.fetchone())

    def compact(self) -> None:
        """Replaces the lines that are there with one. Safe twice at once, and beside writers."""
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH gone AS (DELETE FROM directory_datachange RETURNING at) "
                "INSERT INTO directory_datachange (at) SELECT max(at) FROM gone HAVING count(*) > 0"
            )


class DataChange(models.Model):
    """A line for each statement that changed what the open data is made of. Triggers append it, within the writer's
    transaction and without waiting for other writers; a task replaces many lines with one.
    """

    at = models.DateTimeField(db_default=Now())

    objects = DataChangeManager()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


noted = pgtrigger.Trigger(
    name="note_change",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="INSERT INTO directory_datachange (at) VALUES (clock_timestamp()); RETURN NULL;",
)
