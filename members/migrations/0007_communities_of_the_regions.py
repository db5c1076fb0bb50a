"""A community for each region and nation, and the national one."""

from typing import Any

from django.db import migrations

NATIONAL = (
    "For everybody in social prescribing across the four nations: what we learn from each other, what we ask for "
    "together, and news that concerns us all."
)
REGIONS = {
    "north_east": (
        "North East",
        "From Berwick to the Tees: coast, pit villages and city. What works here, and somebody nearby to ring.",
    ),
    "north_west": (
        "North West",
        "From Carlisle to Crewe: who does what between the fells and the docks, and what we learn from each other.",
    ),
    "yorkshire": (
        "Yorkshire and the Humber",
        "Three ridings, big cities and small chapels: groups worth knowing, and people who have tried it before you.",
    ),
    "east_midlands": (
        "East Midlands",
        "From the Peak to the Wash: ask what you have been wondering about, and tell what worked for you.",
    ),
    "west_midlands": (
        "West Midlands",
        "From Stoke to Hereford, with Birmingham in the middle: many languages, long borders, and short ways to help.",
    ),
    "east": (
        "East of England",
        "Fens, coast and commuter towns: how to reach people where the bus does not, and who is already doing it.",
    ),
    "london": (
        "London",
        "Thirty-three boroughs and every language: what is next door, and who knows the people that run it.",
    ),
    "south_east": (
        "South East",
        "From Thanet to Milton Keynes: well-off on the map and lonely behind the door. What we do about it.",
    ),
    "south_west": (
        "South West",
        "From Gloucester to Penzance: villages, harbours and long roads. Lifts, halls, gardens and good ideas.",
    ),
    "scotland": (
        "Scotland",
        "Community links practitioners and everybody beside them, from the Borders to the islands.",
    ),
    "wales": (
        "Wales",
        "Social prescribers in the valleys, the north and the west, in Welsh and in English. Croeso i bawb.",
    ),
    "northern_ireland": (
        "Northern Ireland",
        "Town and country, across communities: who brings people together, and how to join in.",
    ),
}


def forwards(apps: Any, schema_editor: Any) -> None:
    community = apps.get_model("members", "Community")
    community.objects.get_or_create(
        kind="national", defaults={"name": "National", "slug": "national", "purpose": NATIONAL}
    )
    for region, (name, purpose) in REGIONS.items():
        community.objects.get_or_create(
            kind="region",
            region=region,
            defaults={"name": name, "slug": region.replace("_", "-"), "purpose": purpose},
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0006_communities")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
