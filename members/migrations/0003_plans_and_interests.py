"""What an association usually offers, to begin with. The office may change all of it."""

from decimal import Decimal
from typing import Any

from django.db import migrations

PLANS: list[dict[str, Any]] = [
    {
        "key": "free",
        "name": "Free membership",
        "summary": "For link workers, and for anybody who works beside them. Communities, courses, your learning record, your certificate and your card.",
    },
    {
        "key": "individual",
        "name": "Individual membership",
        "summary": "Everything in the free membership, and member prices at events.",
        "price": Decimal("36.00"),
    },
    {
        "key": "volunteer",
        "name": "Volunteer membership",
        "summary": "For volunteer link workers and community connectors. The same as individual membership, at no cost.",
    },
    {
        "key": "student",
        "name": "Student membership",
        "summary": "For whoever studies towards work in social prescribing. The office looks at each application.",
        "price": Decimal("12.00"),
        "needs_approval": True,
        "asks": "Where do you study, what, and until when?",
    },
    {
        "key": "employer",
        "name": "Employer membership",
        "audience": "employer",
        "summary": "For networks, trusts and charities that employ link workers. Ten seats to give to your staff, and more when you need them.",
        "price": Decimal("290.00"),
        "seats_included": 10,
        "seat_price": Decimal("24.00"),
        "grace_days": 45,
        "needs_approval": True,
        "asks": "Whom do you employ as link workers, and how many?",
    },
    {
        "key": "honorary",
        "name": "Honorary membership",
        "summary": "Given by the association for life.",
        "months": None,
        "is_open": False,
    },
]
INTERESTS = {
    "bereavement": "Bereavement",
    "carers": "Carers",
    "children-and-young-people": "Children and young people",
    "debt-and-benefits": "Debt and benefits",
    "green-prescribing": "Green and nature-based work",
    "housing": "Housing",
    "arts-and-culture": "Arts and culture",
    "health-inequality": "Health inequality",
    "loneliness": "Loneliness",
    "older-people": "Older people",
    "physical-activity": "Physical activity",
    "rural": "Rural work",
    "supervision": "Supervision and staying well",
    "volunteers": "Working with volunteers",
}


def forwards(apps: Any, schema_editor: Any) -> None:
    apps.get_model("members", "Association").objects.get_or_create(pk=1)
    plan = apps.get_model("members", "Plan")
    for order, facts in enumerate(PLANS):
        plan.objects.get_or_create(key=facts["key"], defaults={**facts, "order": order})
    interest = apps.get_model("members", "Interest")
    for slug, name in INTERESTS.items():
        interest.objects.get_or_create(slug=slug, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("members", "0002_memberships_and_money")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
