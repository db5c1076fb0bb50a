"""The cast: the people of every test, each with a verified address, a second factor and a post that began today.

Mid Herts is `network` with `practice`; `link_worker`, `colleague`, `manager`, `coordinator`, `volunteer` and
`practice_staff` work there. Hartlepool is `other_network` with `other_practice`; `outsider` works there.
"""

import pytest

from members.factories import MembershipFactory, NetworkFactory, PostFactory, UserFactory, WorkplaceFactory
from members.models import Region, Role, User, Workplace


def make_user(name: str, role: Role, workplace: Workplace) -> User:
    """Somebody called `name` with one current post. Their address is the name's: Amara Okafor, amara@example.test."""
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@example.test")
    PostFactory(user=user, workplace=workplace, role=role)
    return user


@pytest.fixture
def network(db: None) -> Workplace:
    return NetworkFactory(name="Mid Herts Primary Care Network")


@pytest.fixture
def practice(network: Workplace) -> Workplace:
    return WorkplaceFactory(name="The Maltings Surgery", parent=network)


@pytest.fixture
def other_network(db: None) -> Workplace:
    return NetworkFactory(name="Hartlepool Health Network")


@pytest.fixture
def other_practice(other_network: Workplace) -> Workplace:
    return WorkplaceFactory(name="Headland Medical Centre", parent=other_network)


@pytest.fixture
def employer(db: None) -> Workplace:
    return WorkplaceFactory(kind=Workplace.Kind.EMPLOYER, name="Hertfordshire Community Trust", parent=None)


@pytest.fixture
def community(db: None) -> Workplace:
    return WorkplaceFactory(kind=Workplace.Kind.COMMUNITY, name="St Albans Good Neighbours", parent=None)


@pytest.fixture
def association(db: None) -> Workplace:
    return WorkplaceFactory(kind=Workplace.Kind.ASSOCIATION, name="The association’s office", parent=None)


@pytest.fixture
def link_worker(network: Workplace) -> User:
    return make_user("Amara Okafor", Role.LINK_WORKER, network)


@pytest.fixture
def colleague(network: Workplace) -> User:
    return make_user("Dev Patel", Role.LINK_WORKER, network)


@pytest.fixture
def outsider(other_network: Workplace) -> User:
    return make_user("Rhiannon Davies", Role.LINK_WORKER, other_network)


@pytest.fixture
def practice_staff(practice: Workplace) -> User:
    return make_user("Janet Moss", Role.PRACTICE_STAFF, practice)


@pytest.fixture
def volunteer(practice: Workplace) -> User:
    return make_user("Tom Ashby", Role.VOLUNTEER, practice)


@pytest.fixture
def coordinator(network: Workplace) -> User:
    return make_user("Grace Adeyemi", Role.COORDINATOR, network)


@pytest.fixture
def manager(network: Workplace) -> User:
    return make_user("Helen Whitmore", Role.MANAGER, network)


@pytest.fixture
def member(employer: Workplace) -> User:
    """Somebody whose membership began today: of the cast only they, and the office, see what members have."""
    user = make_user("Yusuf Rahman", Role.MEMBER, employer)
    MembershipFactory(user=user, region=Region.EAST)
    return user


@pytest.fixture
def provider(community: Workplace) -> User:
    return make_user("Siobhan O’Neill", Role.PROVIDER, community)


@pytest.fixture
def admin(association: Workplace) -> User:
    return make_user("Kit Marlow", Role.ADMINISTRATOR, association)
