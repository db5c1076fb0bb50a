"""The bands of Agenda for Change that jobs in social prescribing are advertised at. The office writes what they pay."""

from typing import Any

from django.db import migrations

BANDS = ["3", "4", "5", "6", "7", "8a"]
TEXT = "The figures change every year and differ between the nations. NHS Employers publishes those of England."


def fill(apps: Any, schema_editor: Any) -> None:
    PayBand = apps.get_model("members", "PayBand")
    for position, band in enumerate(BANDS, start=1):
        PayBand.objects.get_or_create(
            name=f"Agenda for Change Band {band}", defaults={"text": TEXT, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0008_vacancies_and_articles")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
