"""What every entity of the open standard shares."""

import uuid

from django.db import models


class Entity(models.Model):
    """One entity of HSDS-UK 3.0, under its standard name. Its id is the standard's: a UUID, kept on its way in and out.

    Fields are the standard's, as `directory/standard` lists them; what is ours alone says so. Text that is not there
    is empty, and left out of what goes out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
