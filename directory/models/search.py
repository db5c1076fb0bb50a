"""What the search reads: one row for each place of a listing, with all that it filters, ranks and shows by.

Rows are made by `directory.index.refresh` and by nothing else.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from directory.models.service import Service
from directory.models.taxonomy import Need

CONFIGURATION = "directory"  # Postgres's text search configuration: unaccent, then English stems


class SearchEntry(models.Model):
    """A listing at one of its places, or for the area that it serves.

    HERE has a position. AREA and NATION have none; `covers` names the areas (outward codes, names and codes in lower
    case). A confidential place has no row: its listing is found by the area it serves.
    """

    class Reach(models.IntegerChoices):
        HERE = 0, "At a place"
        AREA = 1, "For an area"
        NATION = 2, "For a nation, or online"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    reach = models.PositiveSmallIntegerField(choices=Reach.choices)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    covers = ArrayField(models.CharField(max_length=200), default=list)

    title = models.TextField()
    keywords = models.TextField()  # needs, terms and the organisation
    body = models.TextField()
    # The synonyms of which the title, and the rest, hold a word, as made-up words: "sense7 sense12".
    title_senses = models.TextField(default="")
    senses = models.TextField(default="")
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIGURATION)
        + SearchVector("title_senses", weight="A", config="simple")
        + SearchVector("keywords", weight="B", config=CONFIGURATION)
        + SearchVector("body", weight="C", config=CONFIGURATION)
        + SearchVector("senses", weight="C", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    needs = ArrayField(models.CharField(max_length=20), default=list)
    slots = ArrayField(models.PositiveSmallIntegerField(), default=list)  # day of the week x 3 + part of the day
    languages = ArrayField(models.CharField(max_length=200), default=list)
    free = models.BooleanField()
    step_free = models.BooleanField()
    online = models.BooleanField()
    minimum_age = models.FloatField(null=True)
    maximum_age = models.FloatField(null=True)
    fresh_on = models.DateField()  # the day of the last check, or the day before we kept it when there was none
    available = models.BooleanField()  # neither full nor closed for now
    card = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            models.Index(F("latitude"), F("longitude"), name="search_position"),
            models.Index(F("fresh_on").desc(), F("id"), name="search_freshest"),
            models.Index(F("fresh_on").desc(), name="search_national", condition=Q(reach=2)),
            GinIndex(fields=["words"], name="search_words"),
            GinIndex(fields=["needs"], name="search_needs"),
            GinIndex(fields=["covers"], name="search_covers", condition=Q(reach=1)),
        ]

    def __str__(self) -> str:
        return self.title


class Synonym(models.Model):
    """Words that people use for the same thing, comma-separated: a search for one finds the others.

    Each row is a sense. Listings are marked with the senses that they have a word of, so that a search looks for one
    made-up word and not for twenty real ones; a changed row is known once `directory.index` has been over the listings.
    """

    words = models.TextField(help_text="As in: bereavement, grief, loss, widow. Commas between them.")

    class Meta:
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    @staticmethod
    def sense(number: int) -> str:
        """The made-up word of a row."""
        return f"sense{number}"


class Word(models.Model):
    """A word of our listings, as it is spelt and as it is stemmed: what a misspelt search is compared with.

    `uses` says in how many entries it stands, as counted at night.
    """

    word = models.CharField(max_length=60, primary_key=True)
    stem = models.CharField(max_length=60, db_index=True)
    uses = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [GinIndex(name="word_spelling", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class SearchTally(models.Model):
    """How often something was looked for near an outward code in a month, and how often nothing was found.

    `words` holds only words that our listings have, so that no name somebody typed is kept.
    """

    month = models.DateField()
    outward_code = models.CharField(max_length=4, blank=True)
    words = models.CharField(max_length=120, blank=True)
    need = models.CharField(max_length=20, choices=Need.choices, blank=True)
    searches = models.PositiveIntegerField(default=0)
    without_result = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("month", "outward_code", "words", "need", name="search_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.words or self.need} near {self.outward_code}"
