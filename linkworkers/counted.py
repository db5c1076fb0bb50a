"""Rows with counts that the database keeps: see `linkworkers.counters`."""

from typing import Any, ClassVar

from django.db import models


class Counted(models.Model):
    """A row with counts that the database keeps, named in `KEPT`: saving the row leaves them as they are there. What
    was read a moment ago may be less than what stands now.
    """

    KEPT: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not kwargs.get("force_insert") and kwargs.get("update_fields") is None:
            fields = (field for field in self._meta.concrete_fields if not (field.primary_key or field.generated))
            kwargs["update_fields"] = [field.name for field in fields if field.name not in self.KEPT]
        super().save(*args, **kwargs)
