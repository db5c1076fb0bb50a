from django.db import migrations

# key, kind, name, about, valid months, key of the association's course
REQUIREMENTS = [
    (
        "dbs-enhanced",
        "dbs",
        "DBS check, enhanced",
        "For whoever sees people alone. We keep the outcome and its date, nothing of what the certificate says.",
        36,
    ),
    ("dbs-basic", "dbs", "DBS check, basic", "For whoever is never alone with the people who come.", 36),
    (
        "references",
        "references",
        "Two references",
        "From two people who have known you for a year, none of your family.",
        None,
    ),
    (
        "agreement",
        "agreement",
        "Volunteer agreement",
        "What you can expect of us, and we of you. Read again every two years.",
        24,
    ),
    ("induction", "induction", "Induction", "The building, the team, confidentiality, and whom to turn to.", None),
    ("safeguarding", "training", "Safeguarding", "What to do when somebody may be in danger. Again every year.", 12),
    ("listening", "training", "Listening and signposting", "A good conversation, and where it can lead.", None),
]

# key, name, summary, skills, whether people are booked with them, what it needs
ROLES = [
    (
        "volunteer-link-worker",
        "Volunteer link worker",
        "You sit down with one person at a time at the surgery, listen, and find with them what is on nearby.",
        ["Listening", "Patience", "Knowing your town"],
        True,
        ["dbs-enhanced", "references", "agreement", "induction", "safeguarding", "listening"],
    ),
    (
        "community-connector",
        "Community connector",
        "You are at cafés, libraries and halls, and tell whoever asks what there is for them.",
        ["Talking to anybody", "Knowing your town"],
        False,
        ["references", "agreement", "induction", "safeguarding"],
    ),
    (
        "greeter",
        "Greeter",
        "You welcome people at the surgery, show them where to go, and keep them company while they wait.",
        ["Friendliness"],
        False,
        ["dbs-basic", "references", "agreement", "induction", "safeguarding"],
    ),
]


def add(apps, schema_editor):
    requirement, role = (apps.get_model("volunteers", name) for name in ("Requirement", "VolunteerRole"))
    made = {
        key: requirement.objects.create(key=key, kind=kind, name=name, about=about, valid_months=months)
        for key, kind, name, about, months in REQUIREMENTS
    }
    for key, name, summary, skills, meets_people, needs in ROLES:
        new = role.objects.create(key=key, name=name, summary=summary, skills=skills, meets_people=meets_people)
        new.needs.set(made[need] for need in needs)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0002_shifts_move_with_sessions")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
