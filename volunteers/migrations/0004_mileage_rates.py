import datetime as dt
from decimal import Decimal

from django.db import migrations

SOURCE = "HMRC, approved mileage allowance payments (gov.uk), as they were until 5 April 2026"
FROM, UNTIL = dt.date(2011, 4, 6), dt.date(2026, 4, 5)
# vehicle, pence a mile, after so many miles of a tax year, pence from then on. Those from 6 April 2026 are entered by
# the office: their figures were not known here.
RATES = [
    ("car", 45, 10_000, 25),
    ("motorcycle", 24, None, None),
    ("bicycle", 20, None, None),
    ("passenger", 5, None, None),
]


def enter(apps, schema_editor):
    MileageRate = apps.get_model("volunteers", "MileageRate")
    for vehicle, pence, after_miles, pence_after in RATES:
        MileageRate.objects.get_or_create(
            vehicle=vehicle,
            from_date=FROM,
            defaults={
                "until_date": UNTIL,
                "pence_per_mile": Decimal(pence),
                "after_miles": after_miles,
                "pence_after": None if pence_after is None else Decimal(pence_after),
                "source": SOURCE,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0003_usual_roles")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
