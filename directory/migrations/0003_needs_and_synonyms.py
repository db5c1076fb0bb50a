"""Our taxonomy of needs, and the words that people use for the same thing. The office may change both."""

import uuid
from typing import Any

from django.db import migrations

NEEDS_TAXONOMY = uuid.UUID("6a1f6d2e-54a7-5f0b-9d0e-2c8f3f6a7b10")
NEEDS = {
    "loneliness": "Loneliness",
    "bereavement": "Bereavement",
    "low_mood": "Low mood or worry",
    "money": "Debt or money",
    "benefits": "Benefits",
    "housing": "Housing",
    "work": "Work or training",
    "carer": "Caring for somebody",
    "family": "Family or relationship",
    "long_term_condition": "Living with a condition",
    "activity": "Being more active",
    "alcohol_drugs": "Alcohol or drugs",
    "food_fuel": "Food or heating",
    "abuse": "Abuse or feeling unsafe",
    "practical": "Transport, forms or getting online",
}
SYNONYMS = [
    "lonely, loneliness, isolated, isolation, alone, company, companionship, friends, friendship, befriending, meet people",
    "bereavement, bereaved, grief, grieving, loss, widow, widower, widowed, died, death, passed away, lost my husband, lost my wife",
    "low mood, depression, depressed, anxiety, anxious, worry, worried, stress, stressed, nerves, panic, mental health, feeling down",
    "debt, debts, money, skint, broke, arrears, bailiffs, owe, bills, budgeting, hard up",
    "benefits, universal credit, pip, attendance allowance, welfare rights, claim, dwp, pension credit",
    "housing, homeless, homelessness, eviction, evicted, landlord, rent, tenancy, tenant, somewhere to live, sofa surfing",
    "job, jobs, work, employment, unemployed, cv, interview, training, volunteering",
    "carer, carers, caring, looking after, respite, break",
    "family, parent, parents, parenting, mum, mums, dad, dads, baby, toddler, toddlers, children, kids",
    "relationship, relationships, separation, divorce, couple",
    "dementia, alzheimer, memory, forgetful",
    "exercise, exercises, active, activity, fitness, keep fit, gym",
    "walk, walks, walking, stroll, ramble, rambling",
    "swim, swimming, swimmers, pool",
    "yoga, tai chi, pilates, stretch, stretching",
    "dance, dancing",
    "alcohol, drinking, drink, drunk, sober, recovery",
    "drugs, drug, addiction, substance",
    "gambling, betting, bets",
    "food, hungry, food bank, foodbank, pantry, meal, meals, lunch, groceries",
    "heating, cold, warm, warmth, fuel, energy, gas, electric, electricity, warm hub",
    "abuse, domestic abuse, violence, violent, unsafe, frightened, controlling, refuge, hits, hit me, beats me, hurts me",
    "transport, lift, lifts, bus, car, getting there, minibus",
    "computer, digital, internet, online, tablet, smartphone, phone, ipad",
    "form, forms, paperwork, letters",
    "disability, disabled, wheelchair",
    "deaf, hard of hearing, hearing loss, lip reading, hearing aid",
    "blind, sight loss, partially sighted, visually impaired",
    "pain, chronic pain, fibromyalgia",
    "garden, gardening, allotment, growing",
    "sing, singing, choir",
    "craft, crafts, knitting, knit, sewing, crochet",
    "man, men, mens, male, blokes, shed",
    "woman, women, womens, ladies",
    "young people, young person, teenager, teenagers, teens, youth",
    "older people, older, elderly, pensioner, pensioners, retired, over 60s",
    "veteran, veterans, army, forces, ex-service",
    "refugee, refugees, asylum, asylum seeker",
    "english, esol, learn english",
    "lgbt, lgbtq, gay, lesbian, bisexual, trans, queer",
    "hoarding, clutter, cluttered",
    "repair, mend, fix, broken, handyman, handyperson, odd jobs",
    "suicide, suicidal, crisis, self harm",
    "café, cafe, coffee, coffee morning, tea, cuppa",
    "talk, talking, chat, chatting, conversation, somebody to talk to",
]


def add(apps: Any, schema_editor: Any) -> None:
    taxonomy = apps.get_model("directory", "Taxonomy").objects.create(
        id=NEEDS_TAXONOMY,
        name="Needs",
        description="What people come to social prescribing with.",
        version="1",
    )
    Term = apps.get_model("directory", "TaxonomyTerm")
    Term.objects.bulk_create(
        Term(
            id=uuid.uuid5(NEEDS_TAXONOMY, need),
            name=label,
            description=label,
            term=need,
            taxonomy=taxonomy,
            taxonomy_name="Needs",
        )
        for need, label in NEEDS.items()
    )
    Synonym = apps.get_model("directory", "Synonym")
    Synonym.objects.bulk_create(Synonym(words=words) for words in SYNONYMS)


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_listings")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
