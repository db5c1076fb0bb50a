"""What is asked, what came in, and a ledger that only grows. Amounts are pounds with two places, never floats."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models.membership import Membership
from members.models.plan import PENCE, Plan
from members.models.user import Role, User

ZERO = Decimal("0.00")


def to_pence(amount: Decimal) -> Decimal:
    """Rounded to a penny, halves away from zero, as on a receipt."""
    return amount.quantize(PENCE, rounding=ROUND_HALF_UP)


def _amount(name: str | None = None, **options: object) -> models.DecimalField:
    return models.DecimalField(name, max_digits=10, decimal_places=2, **options)  # type: ignore[arg-type]


class NumberSeries(models.Model):
    """The last number given in a series. Taken under a row lock in the transaction that uses it: no number is given
    twice, and none is lost when that transaction fails.
    """

    key = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"

    @classmethod
    def take(cls, key: str) -> int:
        """The next number. Must run in a transaction; whoever takes another of the series meanwhile waits."""
        series = cls.hold(key)
        series.last += 1
        series.save(update_fields=["last"])
        return series.last

    @classmethod
    def hold(cls, key: str) -> "NumberSeries":
        """Nobody else takes a number of the series until this transaction ends; none is taken yet."""
        cls.objects.get_or_create(pk=key)
        return cls.objects.select_for_update().get(pk=key)


def _sum(rows: models.QuerySet) -> Coalesce:
    """The `sum` of a subquery, zero when it has no row."""
    return Coalesce(Subquery(rows.values("sum")), ZERO, output_field=models.DecimalField())


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def with_balance(self) -> "InvoiceQuerySet":
        """Each with `balance`, what is still to be paid, below zero when too much was; and `credited`."""
        entries = LedgerEntry.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
        notes = CreditNote.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
        return self.annotate(
            balance=_sum(entries.annotate(sum=Sum("amount"))), credited=_sum(notes.annotate(sum=Sum("total")))
        )

    def unpaid(self) -> "InvoiceQuerySet":
        return self.with_balance().filter(Q(("balance__gt", 0)))

    def overdue(self) -> "InvoiceQuerySet":
        return self.unpaid().filter(due_on__lt=timezone.localdate())

    def overpaid(self) -> "InvoiceQuerySet":
        """Those for which too much was paid: the office pays it back, or moves a payment."""
        return self.with_balance().filter(Q(("balance__lt", 0)))

    def ungranted(self) -> "InvoiceQuerySet":
        """Those whose payment could grant nothing of what they are for: the office pays it back, or moves it."""
        paid = self.with_balance().filter(Q(("balance__lte", 0)), Q(("credited", 0)))
        return paid.filter(granted_at=None, membership__isnull=False).exclude(grants="")

    def paid(self) -> "InvoiceQuerySet":
        """Settled by money, if only in part."""
        return self.with_balance().filter(Q(("balance", 0)), Q(("credited__lt", F("total"))))

    def with_credit(self) -> "InvoiceQuerySet":
        """Those that were taken back, in whole or in part."""
        return self.with_balance().filter(Q(("credited__gt", 0)))

    def to_remind(self, number: int, *, before: dt.date) -> "InvoiceQuerySet":
        """Unpaid ones, due on that day or earlier, that have had fewer than so many reminders. Nothing is asked of
        whoever has left.
        """
        due = self.unpaid().filter(due_on__lte=before, reminded__lt=number)
        return due.filter(membership__user__left_at=None, buyer__left_at=None)

    def visible_to(self, user: User) -> "InvoiceQuerySet":
        """Those of a person's own membership and of the employer's they look after, and those for what they bought;
        all for administrators.
        """
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(Q(membership__in=Membership.objects.visible_to(user)) | Q(buyer=user))


class Invoice(models.Model):
    """An invoice as it was sent. Only the purchase order may still be added; a mistake is put right by a credit note.

    `buyer` is whose it is where it is for no membership, if they have an account. `page` is the path of a page that
    shows it to whoever has none.

    For a membership it says what is granted once it is paid: `grants`, `plan`, `seats` and, where days that are
    already covered change, `covers_from` to `covers_until`.
    """

    class Grants(models.TextChoices):
        TERM = "term", "A term"
        UPGRADE = "upgrade", "Another plan for days that are covered"
        SEATS = "seats", "More seats for days that are covered"
        NOTHING = "", "Nothing by itself"

    SERIES = "invoice"

    # Of rows that were fetched `with_balance`.
    balance: Decimal
    credited: Decimal

    number = models.CharField(max_length=20, unique=True)
    issued_on = models.DateField()
    due_on = models.DateField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="bought_by_invoice")
    page = models.CharField(max_length=200, blank=True, editable=False)
    grants = models.CharField(max_length=8, choices=Grants.choices, blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seats = models.PositiveSmallIntegerField(default=0)
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField("reminders sent", default=0, editable=False)
    bill_to = models.CharField("to", max_length=200)
    address = models.TextField(blank=True)
    email = models.EmailField(max_length=254)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    net = _amount()
    vat = _amount("VAT")
    total = _amount()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(total=F("net") + F("vat")), name="invoice_adds_up"),
            models.CheckConstraint(condition=Q(net__gte=0, vat__gte=0), name="invoice_not_negative"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="invoice_due_after_issue"),
        ]
        triggers = [
            pgtrigger.Protect(name="invoice_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="invoice_as_sent",
                exclude=["purchase_order", "granted_at", "reminded"],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> str:
        """Where it stands, in words. Needs `with_balance`."""
        if self.balance < 0:
            return "Too much was paid"
        if self.balance == 0:
            return "Taken back" if self.credited == self.total else "Paid"
        if self.due_on < timezone.localdate():
            return "Overdue"
        return "Part paid" if self.balance < self.total - self.credited else "To pay"

    @property
    def can_be_taken_back(self) -> bool:
        """Whether whoever it is for may still do without it: a membership's order of which nothing was paid. Needs
        `with_balance`.
        """
        return bool(self.membership_id and self.grants) and self.balance == self.total


class InvoiceLine(models.Model):
    """A line of an invoice. `quantity` times `unit_price` is `net`, which may be below zero for what is given back."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    description = models.CharField(max_length=300)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = _amount()
    vat_rate = models.DecimalField("VAT rate (%)", max_digits=4, decimal_places=2)
    net = _amount()
    vat = _amount("VAT")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(net=F("quantity") * F("unit_price")), name="invoice_line_adds_up")
        ]
        triggers = [pgtrigger.Protect(name="line_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.description


class PaymentQuerySet(models.QuerySet["Payment"]):
    def unplaced(self) -> "PaymentQuerySet":
        """Money that came in, belongs to no invoice, and was not sent back."""
        return self.filter(invoice=None, amount__gt=0, paid_back=None)

    def visible_to(self, user: User) -> "PaymentQuerySet":
        return self.filter(invoice__in=Invoice.objects.visible_to(user))


class Payment(models.Model):
    """Money that came in or, below zero, was paid back. `source` is unique: the same bank line or card payment is
    never taken twice. Without an invoice it waits for the office to place it, or to send it back: `pays_back` then
    says which one a payment out returned.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", "Bank transfer"
        CHEQUE = "cheque", "Cheque"
        CARD = "card", "Card"
        OTHER = "other", "Other"

    SERIES = "receipt"

    number = models.CharField("receipt", max_length=20, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    received_on = models.DateField()
    method = models.CharField(max_length=8, choices=Method.choices)
    amount = _amount()
    reference = models.CharField(max_length=200, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=120, null=True, blank=True, unique=True)
    pays_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="paid_back", editable=False
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_of_something"),
            models.CheckConstraint(condition=~Q(source=""), name="payment_source_not_empty"),
            models.CheckConstraint(
                condition=Q(pays_back=None) | Q(amount__lt=0, invoice=None), name="payment_sent_back_whole"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="payment_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="payment_as_received", exclude=["invoice"]),
        ]

    def __str__(self) -> str:
        return self.number


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    def visible_to(self, user: User) -> "CreditNoteQuerySet":
        return self.filter(invoice__in=Invoice.objects.visible_to(user))


class CreditNote(models.Model):
    """Takes back an invoice, in whole or in part."""

    SERIES = "credit note"

    number = models.CharField(max_length=20, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    issued_on = models.DateField()
    net = _amount()
    vat = _amount("VAT")
    total = _amount()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(total=F("net") + F("vat")), name="credit_note_adds_up"),
            models.CheckConstraint(condition=Q(total__gt=0, net__gte=0, vat__gte=0), name="credit_note_not_negative"),
        ]
        triggers = [pgtrigger.Protect(name="credit_note_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class LedgerEntry(models.Model):
    """One movement of what is owed. Above zero somebody owes us more, below zero less; the sum over an invoice is its
    balance. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        PAYMENT = "payment", "Payment"
        CREDIT_NOTE = "credit_note", "Credit note"
        REFUND = "refund", "Paid back"
        MOVED = "moved", "Placed on another invoice"

    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    amount = _amount()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "at"], name="ledger_by_kind")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'The ledger is append-only: % is refused.', TG_OP;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} £{self.amount}"
