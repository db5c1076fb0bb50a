"""Which need a listing meets when nobody has said so: feeds come with other taxonomies than ours, or with none."""

import re

from directory.models import Need

# Words of a listing's name, terms and first sentences that speak for a need.
SIGNS: dict[str, str] = {
    Need.LONELINESS: r"lonel\w*|isolat\w*|befriend\w*|social club|social group|friendship|lunch club|caf[eé]",
    Need.BEREAVEMENT: r"bereave\w*|grie\w*|widow\w*|cruse|loss of a loved one",
    Need.LOW_MOOD: r"mental health|anxiety|depress\w*|wellbeing|counsel\w*|low mood|mindful\w*|talking therap\w*",
    Need.MONEY: r"debt\w*|money|budget\w*|financ\w*|credit union",
    Need.BENEFITS: r"benefits? (?:advice|check|help)|welfare rights|universal credit|attendance allowance",
    Need.HOUSING: r"housing|homeless\w*|tenan\w*|landlord|hostel|evict\w*",
    Need.WORK: r"employ\w*|jobs?|careers?|work club|cv|apprentice\w*|volunteering|training course",
    Need.CARER: r"carers?|respite|caring for",
    Need.FAMILY: r"famil\w*|parent\w*|bab(?:y|ies)|toddlers?|children|relationship\w*",
    Need.LONG_TERM_CONDITION: r"dementia|alzheimer\w*|stroke|cancer|diabet\w*|parkinson\w*|arthritis|long covid|pain",
    Need.ACTIVITY: r"exercis\w*|walk\w*|swim\w*|yoga|pilates|danc\w*|sport\w*|fitness|tai chi|garden\w*|allotment",
    Need.ALCOHOL_DRUGS: r"alcohol\w*|drugs?|addict\w*|recovery|substance|gambl\w*",
    Need.FOOD_FUEL: r"food ?bank\w*|pantry|food parcels?|warm (?:hub|space|room)\w*|fuel|heating|energy bills?",
    Need.ABUSE: r"domestic (?:abuse|violence)|refuge|sexual (?:abuse|violence)|safeguard\w*",
    Need.PRACTICAL: r"transport|lifts? to|minibus|community bus|digital|computers?|internet|form filling|handy\w*",
}
PATTERNS = {need: re.compile(rf"\b(?:{signs})\b", re.IGNORECASE) for need, signs in SIGNS.items()}


def guess(text: str) -> list[str]:
    """The needs that a text speaks of, in our order; none when it speaks of none."""
    return [need for need, pattern in PATTERNS.items() if pattern.search(text)]
