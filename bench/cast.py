"""Who the measured client is, and which pages are theirs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cast:
    """Session cookies of people who are logged in, references of theirs, and what anybody finds in the directory.

    What is posted goes to the others' network, so that no page changes by being measured.
    """

    link_worker: str
    practice: str
    other_link_worker: str
    other_practice: str
    case: str  # with many contacts
    referral: str  # the practice's own
    other_cases: list[str]
    services: int  # of the directory
    towns: list[str]  # names, outward codes and postcodes to search near to
    slugs: list[str]  # of listings
    service_ids: list[str]
    member: str
    contact: str  # looks after an employer's membership
    office: str
    membership_number: str  # the member's
    employer_number: str  # the contact's
    invoice: str  # the member's
    community: str  # that talks much
    topic: int  # of it, with many replies
    coordinator: str  # of the network with a rota
    volunteer: str  # on it
    event: str  # to come
    sold: list[int]  # its types of tickets: for everybody, and free
    event_today: str
    scan_codes: list[str]  # of its tickets
    sessions: list[int]  # of its programme
