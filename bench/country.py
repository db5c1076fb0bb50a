"""A made-up England: outward codes round real towns, denser in the cities, and postcodes within them."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bench.listing_words import FIRST, LAST

SERVICES = 100_000  # of all of it
MEMBERS = 20_000  # of the association, in all of it
CLINICS = 6_000  # of volunteers, in all of it
CITIES = 60  # of the towns below, the first: a third of all is there
CITY_SHARE = 1 / 3
CODES_A_TOWN = 28  # outward codes
CODES_IN_CITY = 10  # of them
MILES_A_DEGREE = 69.09
TOWNS = (
    """
B Birmingham 52.48 -1.89|LS Leeds 53.80 -1.55|S Sheffield 53.38 -1.47|M Manchester 53.48 -2.24
BD Bradford 53.79 -1.75|L Liverpool 53.41 -2.98|BS Bristol 51.45 -2.59|CV Coventry 52.41 -1.51
LE Leicester 52.64 -1.13|NG Nottingham 52.95 -1.15|NE Newcastle 54.97 -1.61|SR Sunderland 54.91 -1.38
BN Brighton 50.83 -0.14|HU Hull 53.74 -0.34|PL Plymouth 50.37 -4.14|ST Stoke 53.00 -2.18
WV Wolverhampton 52.59 -2.13|DE Derby 52.92 -1.48|SO Southampton 50.91 -1.40|PO Portsmouth 50.80 -1.09
N Islington 51.55 -0.11|E Hackney 51.54 -0.04|SE Lewisham 51.46 -0.02|SW Wandsworth 51.46 -0.19|W Ealing 51.51 -0.30
NW Camden 51.54 -0.17|CR Croydon 51.37 -0.10|EN Enfield 51.65 -0.08|BR Bromley 51.40 0.02|HA Harrow 51.58 -0.34
IG Ilford 51.56 0.08|RM Romford 51.57 0.18|TW Twickenham 51.45 -0.33|UB Southall 51.51 -0.38|KT Kingston 51.41 -0.30
WF Wakefield 53.68 -1.50|DN Doncaster 53.52 -1.13|HD Huddersfield 53.65 -1.78|BL Bolton 53.58 -2.43
OL Oldham 53.54 -2.12|SK Stockport 53.41 -2.16|WN Wigan 53.55 -2.63|PR Preston 53.76 -2.70|BB Blackburn 53.75 -2.48
FY Blackpool 53.82 -3.05|WA Warrington 53.39 -2.59|TS Middlesbrough 54.57 -1.23|YO York 53.96 -1.08
DL Darlington 54.52 -1.55|NN Northampton 52.24 -0.90|LU Luton 51.88 -0.42|MK Bletchley 52.00 -0.73
PE Peterborough 52.57 -0.24|NR Norwich 52.63 1.30|IP Ipswich 52.06 1.16|CB Cambridge 52.21 0.12
OX Oxford 51.75 -1.26|RG Reading 51.45 -0.97|GL Gloucester 51.86 -2.24|EX Exeter 50.72 -3.53|AL Verulam 51.75 -0.34
BA Bath 51.38 -2.36|BH Bournemouth 50.72 -1.88|CA Carlisle 54.89 -2.94|CH Chester 53.19 -2.89
CM Chelmsford 51.74 0.47|CO Colchester 51.89 0.90|CT Canterbury 51.28 1.08|CW Crewe 53.10 -2.44
DA Dartford 51.45 0.22|DH Durham 54.78 -1.57|DT Dorchester 50.72 -2.44|DY Dudley 52.51 -2.08
GU Guildford 51.24 -0.57|HG Harrogate 53.99 -1.54|HP Hemel 51.75 -0.47|HR Hereford 52.06 -2.72
HX Halifax 53.72 -1.86|LA Lancaster 54.05 -2.80|LN Lincoln 53.23 -0.54|ME Medway 51.37 0.53|RH Redhill 51.24 -0.17
SG Stevenage 51.90 -0.20|SL Slough 51.51 -0.59|SM Sutton 51.36 -0.19|SN Swindon 51.56 -1.78|SP Salisbury 51.07 -1.79
SS Southend 51.54 0.71|SY Shrewsbury 52.71 -2.75|TA Taunton 51.02 -3.10|TF Telford 52.68 -2.45
TN Tonbridge 51.20 0.27|TQ Torquay 50.46 -3.53|TR Truro 50.26 -5.05|WD Watford 51.66 -0.40|WR Worcester 52.19 -2.22
WS Walsall 52.59 -1.98|GY Grantham 52.91 -0.64|SA Skegness 53.14 0.34|LD Ludlow 52.37 -2.72|NP Penrith 54.66 -2.75
TD Alnwick 55.41 -1.71|JE Barnstaple 51.08 -4.06|IM Whitby 54.49 -0.61
""".strip()
    .replace("\n", "|")
    .split("|")
)


@dataclass(frozen=True)
class Outward:
    """An outward code: its centre, in degrees, its place, and the areas that it lies in."""

    code: str
    latitude: float
    longitude: float
    name: str
    district: str
    district_code: str
    county: str
    area: int  # which of the towns with their surroundings
    in_city: bool
    weight: float  # its share of all places

    @property
    def areas(self) -> list[str]:
        return [self.district.lower(), self.district_code.lower(), self.county.lower(), "england"]


class Country:
    """`share` of the towns with their surroundings, one at least: half the country is as dense as all of it."""

    def __init__(self, chance: random.Random, share: float, postcodes: int) -> None:
        self.chance = chance
        self.towns = max(1, round(len(TOWNS) * share))
        names = [first + last for first in FIRST for last in LAST]
        chance.shuffle(names)
        self._names = iter(names)
        self.outwards = [outward for area in range(self.towns) for outward in self._area(area)]
        self._weights = list(accumulate(outward.weight for outward in self.outwards))
        self.postcodes = dict(self._postcodes(max(postcodes, len(self.outwards))))
        self._of: dict[str, list[str]] = {}
        for code in self.postcodes:
            self._of.setdefault(code.partition(" ")[0], []).append(code)

    def somewhere(self) -> Outward:
        return self.chance.choices(self.outwards, cum_weights=self._weights)[0]

    def near(self, outward: Outward) -> Outward:
        """Itself, or its neighbour in the list, which lies in the same surroundings."""
        first = outward.area * CODES_A_TOWN
        same = [each for each in self.outwards[first : first + CODES_A_TOWN] if each.in_city == outward.in_city]
        return self.chance.choice(same)

    def address(self, outward: Outward) -> tuple[str, float, float]:
        """A postcode of an outward code, and a position close to its centre."""
        code = self.chance.choice(self._of[outward.code])
        latitude, longitude = self.postcodes[code]
        return code, *self._off(latitude, longitude, 0.1)

    def _area(self, area: int) -> Iterator[Outward]:
        letters, town, latitude, longitude = TOWNS[area].split()
        city = area < CITIES
        district = town
        for number in range(CODES_A_TOWN):
            in_city = city and number < CODES_IN_CITY
            name = town if in_city or number == 0 else next(self._names)
            if not in_city and number % 9 == 1:
                district = name
            yield Outward(
                f"{letters}{number + 1}",
                *self._off(float(latitude), float(longitude), 2 if in_city else 14),
                name,
                district,
                f"E07{area:03}{number // 9:03}" if not in_city else f"E08{area:06}",
                f"Greater {town}",
                area,
                in_city,
                self._weight(area, in_city=in_city),
            )

    def _weight(self, area: int, *, in_city: bool) -> float:
        """The larger cities come first, and have more than the later ones."""
        if not in_city:
            return (1 - CITY_SHARE) / (len(TOWNS) * CODES_A_TOWN - CITIES * CODES_IN_CITY)
        ranks = sum(1 / (rank + 10) for rank in range(CITIES))
        return CITY_SHARE / (area + 10) / ranks / CODES_IN_CITY

    def _postcodes(self, count: int) -> Iterator[tuple[str, tuple[float, float]]]:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        for number in range(count):
            turn, which = divmod(number, len(self.outwards))
            outward = self.outwards[which]
            rest, last = divmod(turn, len(letters))
            digit, middle = divmod(rest, len(letters))
            position = self._off(outward.latitude, outward.longitude, 0.6 if outward.in_city else 1.5)
            yield f"{outward.code} {digit + 1}{letters[middle]}{letters[last]}", position

    def _off(self, latitude: float, longitude: float, miles: float) -> tuple[float, float]:
        """So many miles off, more or less, in any direction."""
        north, east = (self.chance.gauss(0, miles / MILES_A_DEGREE) for _ in range(2))
        return round(latitude + north, 6), round(longitude + east / math.cos(math.radians(latitude)), 6)
