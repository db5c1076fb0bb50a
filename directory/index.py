"""Brings the search up to date: `SearchEntry` and `Word` are made here, from what is public, and nowhere else."""

import re
import unicodedata
import uuid
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet

from directory import facts, places
from directory.models import (
    Location,
    Need,
    OutwardCode,
    Postcode,
    SearchEntry,
    Service,
    ServiceAtLocation,
    Synonym,
)
from directory.schedules import slots
from linkworkers import geo
from linkworkers.batches import batched

Reach = SearchEntry.Reach
Position = tuple[float, float]
BATCH = 500  # services
SHORTEST_WORD, LONGEST_WORD = 3, 60  # letters
LONGEST_TEXT = 100_000  # letters that are searched: Postgres holds a megabyte of different words, and no more


def parts(services: QuerySet[Service]) -> QuerySet[Service]:
    """Services with all that `directory.facts` reads, and no confidential place."""
    locations = Location.objects.public().prefetch_related("addresses", "accessibility")
    at = ServiceAtLocation.objects.filter(location__confidential=False).prefetch_related(
        Prefetch("location", locations), "schedules"
    )
    return services.select_related("organization").prefetch_related(
        "schedules",
        "service_areas",
        "languages",
        "cost_options",
        "attributes__taxonomy_term",
        Prefetch("service_at_locations", at.order_by("pk")),
    )


@transaction.atomic
def refresh(service_ids: Iterable[uuid.UUID]) -> None:
    """Makes the entries of these services anew, in the caller's transaction; those of services that are not listed
    are taken out. Two that refresh the same service wait for each other.
    """
    for ids in batched(sorted(set(service_ids)), BATCH):
        # Locked before the rows are read: what another transaction is about to change is read after it has.
        list(Service.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
        services = list(parts(Service.objects.listed().filter(pk__in=ids)))
        positions = _positions(services)
        entries = [entry for service in services for entry in _entries(service, positions)]
        _mark_senses(entries)
        SearchEntry.objects.filter(service__in=ids).delete()
        SearchEntry.objects.bulk_create(entries)
        learn_words(f"{entry.title} {entry.keywords} {entry.body}" for entry in entries)


def refresh_all() -> None:
    """Makes every entry anew, a batch at a time: what the calendar, the office's synonyms or a postcode file changed
    meanwhile. For the night.
    """
    for ids in batched(Service.objects.order_by("pk").values_list("pk", flat=True).iterator(), BATCH):
        refresh(ids)
    count_words()


def _mark_senses(entries: list[SearchEntry]) -> None:
    """Sets which synonyms the title and the rest of each entry hold a word of: one statement for all of them."""
    titles = [entry.title for entry in entries]
    rests = [f"{entry.keywords} {entry.body}" for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH sense AS MATERIALIZED (
                SELECT id, string_agg('(' || query || ')', ' | ')::tsquery AS query
                FROM directory_synonym, regexp_split_to_table(words, ',') AS term,
                    text(phraseto_tsquery('directory', term)) AS query
                WHERE query <> '' GROUP BY id
            )
            SELECT entry.number, sense.id
            FROM unnest(%s::text[]) WITH ORDINALITY AS entry(text, number),
                to_tsvector('directory', entry.text) AS words, sense
            WHERE words @@ sense.query
            ORDER BY 1, 2
            """,
            [titles + rests],
        )
        rows = cursor.fetchall()
    senses: dict[int, list[str]] = {}
    for number, sense in rows:
        senses.setdefault(number - 1, []).append(Synonym.sense(sense))
    for number, entry in enumerate(entries):
        entry.title_senses = " ".join(senses.get(number, []))
        entry.senses = " ".join(senses.get(number + len(entries), []))


def plain(text: str) -> str:
    """Lower case without accents, as Postgres's unaccent has it for Latin letters."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text as the vocabulary holds them: letters and digits, an apostrophe dropped with what follows."""
    return re.findall(r"[a-z0-9]+", re.sub(r"'[a-z]+\b", "", plain(text)))


def learn_words(texts: Iterable[str]) -> None:
    """Adds the words of these texts to the vocabulary; numbers and very short words are nobody's misspelling."""
    found = {word for text in texts for word in words_of(text)}
    new = sorted(word for word in found if SHORTEST_WORD <= len(word) <= LONGEST_WORD and not word.isdigit())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO directory_word (word, stem, uses)
            SELECT new.word, coalesce((ts_lexize('english_stem', new.word))[1], new.word), 1
            FROM unnest(%s::text[]) AS new(word)
            WHERE NOT EXISTS (SELECT 1 FROM directory_word known WHERE known.word = new.word)
            ORDER BY new.word
            ON CONFLICT DO NOTHING
            """,
            [new],
        )


def count_words() -> None:
    """Counts in how many entries each word's stem stands, and forgets those in none. For the night: it reads all."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
            SELECT word AS stem, ndoc FROM ts_stat('SELECT words FROM directory_searchentry')
            """
        )
        cursor.execute("UPDATE directory_word w SET uses = c.ndoc FROM counted c WHERE c.stem = w.stem")
        cursor.execute("DELETE FROM directory_word w WHERE NOT EXISTS (SELECT 1 FROM counted c WHERE c.stem = w.stem)")


def _positions(services: Iterable[Service]) -> dict[uuid.UUID, Position]:
    """Where the public places of these services are, by id: their own position, or else their postcode's."""
    found: dict[uuid.UUID, Position] = {}
    postcodes: dict[uuid.UUID, str] = {}
    for service in services:
        for location in facts.public_locations(service):
            if position := facts.position(location):
                found[location.pk] = position
            elif location.location_type == Location.Type.PHYSICAL:
                codes = (geo.normalise_postcode(address.postal_code) for address in location.addresses.all())
                if code := next(filter(None, codes), None):
                    postcodes[location.pk] = code
    if postcodes:
        whole = _centres(Postcode, set(postcodes.values()))
        outward = _centres(OutwardCode, {code.split(" ")[0] for code in postcodes.values()})
        for pk, code in postcodes.items():
            if centre := whole.get(code) or outward.get(code.split(" ")[0]):
                found[pk] = centre
    return found


def _centres(model: type[Postcode] | type[OutwardCode], codes: set[str]) -> dict[str, Position]:
    rows = model.objects.filter(pk__in=codes).values_list("pk", "latitude", "longitude")
    return {pk: (latitude, longitude) for pk, latitude, longitude in rows}


def _entries(service: Service, positions: dict[uuid.UUID, Position]) -> list[SearchEntry]:
    """One for each place with a position; one more for the area when there is one to say, or no place."""
    public = facts.public_locations(service)
    here = [
        _entry(service, Reach.HERE, location=location, position=positions[location.pk])
        for location in public
        if location.pk in positions
    ]
    covers = _covers(service)
    online = facts.is_online(service)
    if here and not covers and not online:
        return here
    if online and not covers:
        covers = {facts.WHOLE}
    reach = Reach.NATION if not covers or covers & facts.NATIONS else Reach.AREA
    return [*here, _entry(service, reach, covers=sorted(covers))]


def _covers(service: Service) -> set[str]:
    tokens: set[str] = set()
    for area in service.service_areas.all():
        tokens |= facts.area_tokens(area)
        if area.extent_type == "geojson" and area.extent:
            tokens |= {geo.fold(code) for code in places.areas_covering(area.extent)}
    return tokens


def _entry(
    service: Service,
    reach: int,
    *,
    location: Location | None = None,
    position: Position | tuple[None, None] = (None, None),
    covers: list[str] | None = None,
) -> SearchEntry:
    schedules = facts.schedules(service, location)
    needs = facts.needs(service)
    online = facts.is_online(service)
    languages = [language.name for language in service.languages.all() if language.name]
    public = [location] if location else facts.public_locations(service)
    step_free = any(facts.is_step_free(each) for each in public)
    where = [text for each in public for text in (each.name, facts.town(each))]
    return SearchEntry(
        service=service,
        reach=reach,
        latitude=position[0],
        longitude=position[1],
        covers=covers or [],
        title=service.name,
        keywords=_text(*(Need(need).label for need in needs), *facts.terms(service), service.organization.name),
        body=_text(
            service.description, service.eligibility_description, service.application_process, *where, *languages
        ),
        needs=needs,
        slots=sorted({slot for schedule in schedules for slot in slots(schedule)}),
        languages=[language.casefold() for language in languages],
        free=facts.is_free(service),
        step_free=step_free,
        online=online,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        fresh_on=service.clock_starts,
        available=service.status == Service.Status.ACTIVE and not service.is_full,
        card={
            "title": service.name,
            "slug": service.slug,
            "summary": facts.summary(service),
            "place": _place(service, location, online=online),
            "when": facts.times_in_words(service, location)[:2],
            "cost": facts.cost_in_words(service),
            "step_free": step_free,
            "online": online,
            "full": service.is_full,
            "closed": service.status == Service.Status.TEMPORARILY_CLOSED,
            "checked_on": service.assured_date,
        },
    )


def _text(*texts: str) -> str:
    return " . ".join(filter(None, texts))[:LONGEST_TEXT]


def _place(service: Service, location: Location | None, *, online: bool) -> str:
    if location:
        return facts.place_in_words(location)
    area = facts.areas_in_words(service)
    if online:
        return f"Online, {area}" if area else "Online"
    return area
