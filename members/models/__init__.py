"""People, the places they work at, the posts that give them access, and what they belong to."""

from members.models.association import Association
from members.models.bank import BankFile, BankLine
from members.models.file import StoredFile
from members.models.invitation import Invitation
from members.models.mail import Frequency, MailChoice
from members.models.membership import FOREVER, IN_FORCE, Membership, Seat, Status, Term
from members.models.money import CreditNote, Invoice, InvoiceLine, LedgerEntry, NumberSeries, Payment
from members.models.plan import Plan
from members.models.post import Post
from members.models.profile import Interest, Profile
from members.models.user import ROLES_NEEDING_SECOND_FACTOR, Role, User, UserManager
from members.models.workplace import ROLES_AT, Region, Workplace

__all__ = [
    "FOREVER",
    "IN_FORCE",
    "ROLES_AT",
    "ROLES_NEEDING_SECOND_FACTOR",
    "Association",
    "BankFile",
    "BankLine",
    "CreditNote",
    "Frequency",
    "Interest",
    "Invitation",
    "Invoice",
    "InvoiceLine",
    "LedgerEntry",
    "MailChoice",
    "Membership",
    "NumberSeries",
    "Payment",
    "Plan",
    "Post",
    "Profile",
    "Region",
    "Role",
    "Seat",
    "Status",
    "StoredFile",
    "Term",
    "User",
    "UserManager",
    "Workplace",
]
