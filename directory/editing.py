"""A listing in the standard's JSON as the answers of a form, and the form's answers as a listing again.

What the form does not ask about stays as it is, and every part that stays keeps its id: `edited(document,
answers(document))` is the document.
"""

import re
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any

from directory.models import Location, Need, Schedule
from directory.outline import Json
from directory.outline import schedules as all_schedules

TEXTS = ("name", "description", "eligibility_description", "application_process", "alert", "fees", "email", "url")
REQUIRED_TEXTS = ("name",)
AGES = ("minimum_age", "maximum_age")
CONTACT = {"contact_name": "name", "contact_title": "title"}
PLACE = {"address_1": "address_1", "city": "city", "county": "state_province", "postcode": "postal_code"}

WEEKLY, FORTNIGHTLY = "weekly", "fortnightly"
RHYTHMS = {
    WEEKLY: "Every week",
    FORTNIGHTLY: "Every other week",
    "1": "The first of the month",
    "2": "The second of the month",
    "3": "The third of the month",
    "4": "The fourth of the month",
    "-1": "The last of the month",
}
BYDAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")

# What helps to get in: how it is written, and how it is known when others wrote it.
ACCESS: dict[str, tuple[str, re.Pattern[str]]] = {
    "step_free": ("Step-free access", re.compile(r"step[- ]?free (?:access|entrance)|level access|^step-free$", re.I)),
    "toilet": ("Accessible toilet", re.compile(r"(?:accessible|wheelchair|disabled) (?:toilet|wc)", re.I)),
    "hearing_loop": ("Hearing loop", re.compile(r"(?:hearing|induction)[- ]loop", re.I)),
    "parking": ("Parking", re.compile(r"^(?:free |accessible |disabled |blue badge )?parking", re.I)),
    "quiet_space": ("A quiet space", re.compile(r"quiet (?:space|room)", re.I)),
}
LACKING = re.compile(r"\b(?:no|not|without|lacks)\b", re.I)


def answers(document: Json) -> Json:
    """What the form shows for a listing. `times` and `places` are lists with an `id` in each."""
    cost: Json = next(iter(document.get("cost_options", [])), {})
    contact: Json = next(iter(document.get("contacts", [])), {})
    return {
        **{name: document.get(name, "") for name in TEXTS},
        **{name: document.get(name) for name in AGES},
        **{ours: contact.get(theirs, "") for ours, theirs in CONTACT.items()},
        "status": document.get("status", ""),
        "amount": cost.get("amount"),
        "phone": next((each["number"] for each in document.get("phones", [])), ""),
        "languages": _names(document, "languages"),
        "areas": _names(document, "service_areas"),
        "needs": [term for each in document.get("attributes", []) if (term := _need(each))],
        "online": any(_is_online(place) for place in document.get("service_at_locations", [])),
        "times": [found for each in all_schedules(document) if (found := _rule(each))],
        "places": [_place(each) for each in document.get("service_at_locations", []) if _is_editable(each)],
    }


def edited(document: Json, given: Json, *, terms: dict[str, Json], shared: Collection[str] = ()) -> Json:
    """The listing with the answers in it. `terms` are the terms of our needs as they go out; `shared` the ids of
    places that other listings use too, which are left to them: a change makes a new place.

    An answer that is missing leaves what is there: so does a form without its section of places.
    """
    made = dict(document)
    made["status"] = given.get("status") or made.get("status") or "active"
    for name in TEXTS:
        if name in given:
            _put(made, name, given[name].replace("\r\n", "\n"), keep=name in REQUIRED_TEXTS)
    for name in AGES:
        if name in given:
            _put(made, name, given[name])
    _edit_first(made, "cost_options", {"amount": given.get("amount", ...)})
    _edit_first(made, "contacts", {theirs: given.get(ours, ...) for ours, theirs in CONTACT.items()})
    _edit_first(made, "phones", {"number": given.get("phone", ...)}, needs="number")
    for name, answer in (("languages", "languages"), ("service_areas", "areas")):
        if answer in given:
            _put(made, name, _with_names(made.get(name, []), given[answer]))
    if "needs" in given:
        _put(made, "attributes", _with_needs(made.get("attributes", []), given["needs"], terms))
    if "times" in given:
        _edit_times(made, {each["id"]: each for each in given["times"]})
    if "places" in given:
        _edit_places(made, given["places"], shared)
    if "online" in given:
        _edit_online(made, wanted=given["online"])
    return made


def new_id() -> str:
    return str(uuid.uuid4())


def _put(entry: Json, name: str, value: Any, *, keep: bool = False) -> None:
    """Sets a field, or takes it out: the standard leaves out what is empty."""
    if keep or value not in ("", None, []):
        entry[name] = value
    else:
        entry.pop(name, None)


def _edit_first(document: Json, name: str, fields: dict[str, Any], needs: str = "") -> None:
    """Sets fields of the first of a list (... leaves one as it is). One with nothing but its id left is taken out,
    and so is one without the field that it `needs`.
    """
    rows = list(document.get(name, []))
    first, others = (dict(rows[0]), rows[1:]) if rows else ({"id": new_id()}, [])
    for field, value in fields.items():
        if value is not ...:
            _put(first, field, value)
    _put(document, name, [first, *others] if len(first) > 1 and (not needs or needs in first) else others)


def _name(entry: Json) -> str:
    return entry.get("name") or entry.get("service_area") or ""


def _names(document: Json, name: str) -> list[str]:
    return [_name(entry) for entry in document.get(name, []) if _name(entry)]


def _with_names(rows: Iterable[Json], names: Iterable[str]) -> list[Json]:
    """The rows that are still named and those that never were, then one for each new name."""
    wanted = {name.casefold(): name for name in names}
    kept = [row for row in rows if not _name(row) or _name(row).casefold() in wanted]
    known = {_name(row).casefold() for row in kept}
    return [*kept, *({"id": new_id(), "name": name} for key, name in wanted.items() if key not in known)]


def _need(attribute: Json) -> str:
    term = attribute.get("taxonomy_term", {}).get("term", "")
    return term if term in Need.values else ""


def _with_needs(rows: Iterable[Json], needs: Collection[str], terms: dict[str, Json]) -> list[Json]:
    kept = [row for row in rows if not _need(row) or _need(row) in needs]
    new = [need for need in needs if need in terms and need not in map(_need, kept)]
    return [*kept, *({"id": new_id(), "taxonomy_term": terms[need]} for need in new)]


# --- When


def _rule(entry: Json) -> Json | None:
    """A schedule as the form asks for it; None for one that it cannot show, which stays as it is."""
    matches = [BYDAY.fullmatch(part.strip()) for part in entry.get("byday", "").split(",")]
    ordinals = {match[1] or "" for match in matches if match}
    interval, freq = entry.get("interval") or 1, entry.get("freq")
    if None in matches or len(ordinals) != 1 or entry.get("bymonthday"):
        return None
    ordinal = ordinals.pop().lstrip("+")
    rhythm = None
    if freq == Schedule.Frequency.WEEKLY and not ordinal:
        rhythm = {1: WEEKLY, 2: FORTNIGHTLY}.get(interval)
    elif freq == Schedule.Frequency.MONTHLY and interval == 1 and ordinal in RHYTHMS:
        rhythm = ordinal
    if rhythm is None:
        return None
    return {
        "id": entry["id"],
        "days": [match[2] for match in matches if match],
        "rhythm": rhythm,
        "opens": entry.get("opens_at", ""),
        "closes": entry.get("closes_at", ""),
        "starts": entry.get("dtstart", ""),
    }


def _edit_times(document: Json, rules: dict[str, Json]) -> None:
    """Sets the rules that are known by their id where they stand, takes out those that are gone, and adds the new."""

    def kept(entries: Iterable[Json]) -> list[Json]:
        shown = ((entry, _rule(entry), rules.pop(entry["id"], None)) for entry in entries)
        return [_set_rule(entry, old, new) for entry, old, new in shown if old is None or new is not None]

    own = kept(document.get("schedules", []))
    _edit_each(document, "service_at_locations", lambda place: {**place, "schedules": kept(place.get("schedules", []))})
    added = [_set_rule({"id": new_id()}, None, rule) for rule in rules.values()]
    _put(document, "schedules", [*own, *added])


def _set_rule(entry: Json, old: Json | None, rule: Json | None) -> Json:
    if rule is None or rule == old:
        return entry
    made = {name: value for name, value in entry.items() if name not in ("description", "bymonthday", "interval")}
    weekly = rule["rhythm"] in (WEEKLY, FORTNIGHTLY)
    ordinal = "" if weekly else rule["rhythm"]
    made["freq"] = str(Schedule.Frequency.WEEKLY if weekly else Schedule.Frequency.MONTHLY)
    made["byday"] = ",".join(ordinal + day for day in rule["days"])
    if rule["rhythm"] == FORTNIGHTLY:
        made["interval"] = 2
    for name, value in (("opens_at", rule["opens"]), ("closes_at", rule["closes"]), ("dtstart", rule["starts"])):
        _put(made, name, value)
    return made


# --- Where


def _is_online(place: Json) -> bool:
    return place.get("location", {}).get("location_type") == Location.Type.VIRTUAL


def _is_editable(place: Json) -> bool:
    location = place.get("location", {})
    return location.get("location_type") == Location.Type.PHYSICAL and bool(location.get("addresses"))


def _place(place: Json) -> Json:
    location = place["location"]
    address = location["addresses"][0]
    return {
        "id": place["id"],
        "venue": location.get("name", ""),
        **{ours: address.get(theirs, "") for ours, theirs in PLACE.items()},
        "access": [name for name in ACCESS if any(_says(row, name) for row in location.get("accessibility", []))],
    }


def _says(row: Json, access: str) -> bool:
    text = row.get("description") or row.get("accessibility") or ""
    return bool(ACCESS[access][1].search(text)) and not LACKING.search(text)


def _edit_places(document: Json, places: Iterable[Json], shared: Collection[str]) -> None:
    given = {each["id"]: each for each in places}
    rows = []
    for row in document.get("service_at_locations", []):
        if not _is_editable(row):
            rows.append(row)
        elif answer := given.pop(row["id"], None):
            changed = answer != _place(row)
            rows.append({**row, "location": _moved(row["location"], answer, shared)} if changed else row)
    new = ({"id": new_id(), "location": _moved(_new_location(), answer, ())} for answer in given.values())
    _put(document, "service_at_locations", [*rows, *new])


def _new_location() -> Json:
    address = {"id": new_id(), "country": "GB", "address_type": str(Location.Type.PHYSICAL)}
    return {"id": new_id(), "location_type": str(Location.Type.PHYSICAL), "addresses": [address]}


def _moved(location: Json, answer: Json, shared: Collection[str]) -> Json:
    """The place with another address, name or access; a new place where others use this one."""
    old = location["addresses"][0]
    address = {theirs: answer[ours] for ours, theirs in PLACE.items()}
    stays = all(old.get(name, "") == value for name, value in address.items())
    own = location["id"] not in shared
    base = location if own else _new_location() | ({} if not stays else _position(location))
    made = dict(base) if stays or not own else {name: value for name, value in base.items() if name not in POSITION}
    made["addresses"] = [{**base["addresses"][0], **address}, *base["addresses"][1:]]
    _put(made, "name", answer["venue"])
    rows = base.get("accessibility", [])
    gone = set(ACCESS) - set(answer["access"])
    kept = [row for row in rows if not any(_says(row, name) for name in gone)]
    new = [name for name in answer["access"] if not any(_says(row, name) for row in kept)]
    _put(made, "accessibility", [*kept, *({"id": new_id(), "description": ACCESS[name][0]} for name in new)])
    return made


POSITION = ("latitude", "longitude", "external_identifier", "external_identifier_type")


def _position(location: Json) -> Json:
    return {name: location[name] for name in POSITION if name in location}


def _edit_online(document: Json, *, wanted: bool) -> None:
    rows = document.get("service_at_locations", [])
    if wanted and not any(map(_is_online, rows)):
        online = {"id": new_id(), "location_type": str(Location.Type.VIRTUAL), "name": "Online"}
        rows = [*rows, {"id": new_id(), "location": online}]
    elif not wanted:
        rows = [row for row in rows if not _is_online(row)]
    _put(document, "service_at_locations", rows)


def _edit_each(document: Json, name: str, edit: Callable[[Json], Json]) -> None:
    if name in document:
        document[name] = [{key: value for key, value in edit(row).items() if value != []} for row in document[name]]
