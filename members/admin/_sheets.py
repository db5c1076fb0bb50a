"""Lists that the office takes home: CSV that any program opens, and a workbook."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from import_export import resources
from import_export.fields import Field
from import_export.formats.base_formats import CSV, Format
from tablib import Dataset

from linkworkers.spreadsheets import as_xlsx, harmless
from members.models import Membership, Status, Term


class Csv(CSV):
    """With the mark by which Excel knows that it is UTF-8."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        return "\ufeff" + super().export_data(dataset, **kwargs)


class Xlsx(Format):
    def get_title(self) -> str:
        return "xlsx"

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return as_xlsx([dataset.headers, *dataset])


class MembershipResource(resources.ModelResource):
    """The sheet of memberships. What people typed is made harmless, should a program take it for a formula."""

    name = Field("holder", "name")
    email = Field("mailbox__email", "email")
    contact = Field("contact__name", "contact")
    plan = Field("plan__name", "plan")
    status = Field(None, "status")
    region = Field("get_region_display", "region")
    joined = Field(None, "joined")
    until = Field(None, "until")
    taken = Field("taken", "seats taken")
    sponsor = Field("sponsor__organization_name", "on a seat of")

    class Meta:
        model = Membership
        fields = [
            *("number", "name", "email", "contact", "plan", "status", "region", "joined", "until"),
            *("seats", "taken", "sponsor", "billing_address", "purchase_order"),
        ]
        export_order = fields

    def filter_export(self, queryset: Any, **kwargs: Any) -> QuerySet[Membership]:
        first = Term.objects.filter(membership=OuterRef("pk")).order_by("start_date").values("start_date")[:1]
        return queryset.annotate(joined=Subquery(first))

    def dehydrate_status(self, membership: Any) -> str:
        return Status(membership.status).label

    def dehydrate_joined(self, membership: Any) -> str:
        return membership.joined.isoformat() if membership.joined else ""

    def dehydrate_until(self, membership: Membership) -> str:
        if membership.for_life:
            return "for life"
        return membership.ends_on.isoformat() if membership.ends_on else ""

    def export_field(self, field: Field, instance: Membership, **kwargs: Any) -> Any:
        return harmless(super().export_field(field, instance, **kwargs))
