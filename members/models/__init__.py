"""People, the places they work at, the posts that give them access, and what they belong to."""

from members.models.article import Article, ArticleVersion
from members.models.association import Association
from members.models.bank import BankFile, BankLine
from members.models.community import Community, Following, Moderator
from members.models.contact import Block, Correspondence, MemberLetter, blocked_pairs
from members.models.course import Course, CourseCertificate, CourseProgress, CourseSection, QuizQuestion
from members.models.file import StoredFile
from members.models.invitation import Invitation
from members.models.learning import (
    LearningEntry,
    LearningEvidence,
    LearningKind,
    Supervision,
    SupervisionKind,
    SupervisionTheme,
)
from members.models.library import LibraryItem
from members.models.mail import Frequency, MailChoice
from members.models.membership import FOREVER, IN_FORCE, Membership, Status, Term
from members.models.moderation import Flag, ModerationEntry, Target
from members.models.money import CreditNote, Invoice, InvoiceLine, LedgerEntry, NumberSeries, Payment
from members.models.plan import Plan
from members.models.post import Post
from members.models.profile import Interest, Profile
from members.models.seat import Seat
from members.models.topic import LONGEST_TEXT, Reply, Topic, TopicWish
from members.models.user import (
    FORMER_MEMBER,
    NOBODYS_DOMAIN,
    ROLES_NEEDING_SECOND_FACTOR,
    ROLES_OPENING_RECORDS,
    Role,
    User,
    UserManager,
)
from members.models.vacancy import PayBand, Vacancy
from members.models.workplace import ROLES_AT, Region, Workplace

__all__ = [
    "FOREVER",
    "FORMER_MEMBER",
    "IN_FORCE",
    "LONGEST_TEXT",
    "NOBODYS_DOMAIN",
    "ROLES_AT",
    "ROLES_NEEDING_SECOND_FACTOR",
    "ROLES_OPENING_RECORDS",
    "Article",
    "ArticleVersion",
    "Association",
    "BankFile",
    "BankLine",
    "Block",
    "Community",
    "Correspondence",
    "Course",
    "CourseCertificate",
    "CourseProgress",
    "CourseSection",
    "CreditNote",
    "Flag",
    "Following",
    "Frequency",
    "Interest",
    "Invitation",
    "Invoice",
    "InvoiceLine",
    "LearningEntry",
    "LearningEvidence",
    "LearningKind",
    "LedgerEntry",
    "LibraryItem",
    "MailChoice",
    "MemberLetter",
    "Membership",
    "ModerationEntry",
    "Moderator",
    "NumberSeries",
    "PayBand",
    "Payment",
    "Plan",
    "Post",
    "Profile",
    "QuizQuestion",
    "Region",
    "Reply",
    "Role",
    "Seat",
    "Status",
    "StoredFile",
    "Supervision",
    "SupervisionKind",
    "SupervisionTheme",
    "Target",
    "Term",
    "Topic",
    "TopicWish",
    "User",
    "UserManager",
    "Vacancy",
    "Workplace",
    "blocked_pairs",
]
