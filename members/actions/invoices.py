"""Invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from members.models import Invoice


@dataclass(frozen=True)
class Line:
    description: str
    quantity: int
    unit_price: Decimal
    vat_rate: Decimal


def raise_invoice(*, lines: Sequence[Line], **facts: Any) -> Invoice:
    raise NotImplementedError
