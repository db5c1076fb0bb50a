"""The open standard's entities under its names, and what we keep around them."""

from directory.models.change import DataChange, Version, noted
from directory.models.collection import Collection, CollectionItem
from directory.models.connector import Connector, Tap
from directory.models.entity import Entity
from directory.models.location import (
    Accessibility,
    Address,
    Location,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
)
from directory.models.moderation import (
    Assurance,
    Claim,
    Decision,
    ImportRun,
    Moderated,
    Revision,
    Suggestion,
)
from directory.models.organization import Organization, OrganizationIdentifier
from directory.models.place import OutwardCode, Postcode
from directory.models.search import (
    CONFIGURATION,
    SearchEntry,
    SearchTally,
    Synonym,
    Word,
)
from directory.models.service import (
    ASK_AFTER,
    STALE_AFTER,
    Contact,
    CostOption,
    Funding,
    Language,
    Phone,
    Service,
)
from directory.models.tally import PageTally
from directory.models.taxonomy import (
    LINKS,
    NEEDS_TAXONOMY,
    Attribute,
    Need,
    Taxonomy,
    TaxonomyTerm,
    need_id,
)

__all__ = [
    "ASK_AFTER",
    "CONFIGURATION",
    "LINKS",
    "NEEDS_TAXONOMY",
    "STALE_AFTER",
    "Accessibility",
    "Address",
    "Assurance",
    "Attribute",
    "Claim",
    "Collection",
    "CollectionItem",
    "Connector",
    "Contact",
    "CostOption",
    "DataChange",
    "Decision",
    "Entity",
    "Funding",
    "ImportRun",
    "Language",
    "Location",
    "Moderated",
    "Need",
    "Organization",
    "OrganizationIdentifier",
    "OutwardCode",
    "PageTally",
    "Phone",
    "Postcode",
    "Revision",
    "Schedule",
    "SearchEntry",
    "SearchTally",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Suggestion",
    "Synonym",
    "Tap",
    "Taxonomy",
    "TaxonomyTerm",
    "Version",
    "Word",
    "need_id",
]

# All that the open data tells, or finds it by.
PUBLISHED = (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    OutwardCode,
    Phone,
    Postcode,
    Schedule,
    SearchEntry,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
noted.register(*PUBLISHED)  # type: ignore[arg-type]  # it means the classes
