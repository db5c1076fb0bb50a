"""The form and the document are two ways to say the same."""

from hypothesis import given
from hypothesis import strategies as st

from directory.editing import ACCESS, RHYTHMS, answers, edited
from directory.outline import compare

DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True)
TEXT = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=20)
NAME = TEXT.map(lambda text: " ".join(text.split())).filter(bool)
IDS = st.uuids().map(str)


def entries(**fields):
    return st.lists(st.fixed_dictionaries({"id": IDS}, optional=fields), max_size=3)


SCHEDULES = st.one_of(
    st.fixed_dictionaries({"id": IDS, "freq": st.just("WEEKLY"), "byday": DAYS.map(",".join)}),
    st.fixed_dictionaries({"id": IDS, "freq": st.just("MONTHLY"), "byday": DAYS.map(",1".join).map("1{}".format)}),
    st.fixed_dictionaries({"id": IDS, "freq": st.just("MONTHLY"), "bymonthday": st.just("13")}),
    st.fixed_dictionaries({"id": IDS, "description": NAME}),
)
ADDRESS = st.fixed_dictionaries({"id": IDS, "address_1": NAME, "city": NAME, "postal_code": NAME})
PLACES = st.fixed_dictionaries(
    {
        "id": IDS,
        "location": st.fixed_dictionaries(
            {"id": IDS, "location_type": st.sampled_from(["physical", "virtual", "postal"])},
            optional={"name": NAME, "addresses": st.lists(ADDRESS, min_size=1, max_size=2)},
        ),
    },
    optional={"schedules": st.lists(SCHEDULES, min_size=1, max_size=2)},
)
DOCUMENTS = st.fixed_dictionaries(
    {"id": IDS, "name": TEXT, "status": st.sampled_from(["active", "defunct"])},
    optional={
        "description": NAME,
        "url": NAME,
        "minimum_age": st.integers(0, 99),
        "schedules": st.lists(SCHEDULES, min_size=1, max_size=3),
        "service_at_locations": st.lists(PLACES, min_size=1, max_size=3),
        "cost_options": st.lists(st.fixed_dictionaries({"id": IDS, "option": NAME}), min_size=1, max_size=2),
        "phones": st.lists(st.fixed_dictionaries({"id": IDS, "number": NAME}), min_size=1, max_size=2),
        "languages": st.lists(st.fixed_dictionaries({"id": IDS, "name": NAME}), min_size=1, max_size=2),
        "service_areas": st.lists(st.fixed_dictionaries({"id": IDS, "service_area": NAME}), min_size=1, max_size=2),
    },
)


@given(DOCUMENTS)
def test_answers_put_back_make_the_same_listing(document):
    assert edited(document, answers(document), terms={}) == document
    assert not any(change.is_change for change in compare(document, edited(document, answers(document), terms={})))


def test_every_rhythm_and_every_way_in_has_words():
    assert len(RHYTHMS) == 7
    assert all(pattern.search(words) for words, pattern in ACCESS.values())
