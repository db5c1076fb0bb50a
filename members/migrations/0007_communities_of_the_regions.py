"""A community for each region and nation, and the national one."""

from typing import Any

from django.db import migrations

NATIONAL = (
    "For everybody in social prescribing across the four nations: what we learn from each other, what we ask for "
    "together, and news that concerns us all."
)
REGIONS = {
    "north_east": ("North East", "the North East"),
    "north_west": ("North West", "the North West"),
    "yorkshire": ("Yorkshire and the Humber", "Yorkshire and the Humber"),
    "east_midlands": ("East Midlands", "the East Midlands"),
    "west_midlands": ("West Midlands", "the West Midlands"),
    "east": ("East of England", "the East of England"),
    "london": ("London", "London"),
    "south_east": ("South East", "the South East"),
    "south_west": ("South West", "the South West"),
    "scotland": ("Scotland", "Scotland"),
    "wales": ("Wales", "Wales"),
    "northern_ireland": ("Northern Ireland", "Northern Ireland"),
}
PURPOSE = (
    "For whoever links people to their community in {}: what works here, who to ask, and somebody who knows your patch."
)


def forwards(apps: Any, schema_editor: Any) -> None:
    community = apps.get_model("members", "Community")
    community.objects.get_or_create(
        kind="national", defaults={"name": "National", "slug": "national", "purpose": NATIONAL}
    )
    for region, (name, place) in REGIONS.items():
        community.objects.get_or_create(
            kind="region",
            region=region,
            defaults={"name": name, "slug": region.replace("_", "-"), "purpose": PURPOSE.format(place)},
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0006_communities")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
