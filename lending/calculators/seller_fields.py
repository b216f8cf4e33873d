"""The fields that describe a seller, shared by the calculators of lending.

Owns: names and bounds, months as values, and shares in basis points.
Refuses to know: what is decided on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.calculators.fields import Amount, Day, Kind, Rate, Switch
from ledger.calculators.plan_fields import CURRENCY
from ledger.calculators.refusals import InputContradictory, InputFieldInvalid, InputOutOfBounds
from ledger.calculators.shapes import Field, Many, Shape
from ledger.kernel.rates import RATE_UNIT, format_rate, parse_rate
from lending.policies.limit_policy import BPS

_MONTH: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
_E8_PER_BPS: Final = RATE_UNIT // BPS


@dataclass(frozen=True)
class Month(Kind):
    """A calendar month written YYYY-MM."""

    def read(self, value: Any, *, path: str, currency: str) -> str:
        """Refuse other notations."""
        del currency
        if not isinstance(value, str) or not _MONTH.fullmatch(value):
            raise InputFieldInvalid("A month is written YYYY-MM.", field=path)
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "pattern": f"^{_MONTH.pattern}$"}


@dataclass(frozen=True)
class BasisPoints(Kind):
    """A share or factor as a decimal string with at most four decimals, within bounds; read as points."""

    minimum: int
    maximum: int

    def read(self, value: Any, *, path: str, currency: str) -> int:
        """Refuse more decimals, and values outside the bounds."""
        del currency
        points, rest = divmod(parse_rate(value, field=path), _E8_PER_BPS)
        if rest or not self.minimum <= points <= self.maximum:
            raise InputOutOfBounds(
                f"This is {self.show(self.minimum, currency='')} to {self.show(self.maximum, currency='')}"
                " with at most four decimals.",
                field=path,
            )
        return points

    def show(self, value: int, *, currency: str) -> str:
        """Return the decimal string."""
        del currency
        return format_rate(value * _E8_PER_BPS)

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {
            "type": "string",
            "pattern": Rate().schema()["pattern"],
            "description": f"{self.show(self.minimum, currency='')} to {self.show(self.maximum, currency='')}.",
        }


TURNOVER: Final = Shape(
    {"month": Field(Month(), "The month."), "amount": Field(Amount(zero=True), "What was sold in it.")}
)
SELLER_FIELDS: Final = {
    "currency": CURRENCY,
    "applied_on": Field(Day(), "The day of the application; the six full months before it count."),
    "turnover": Field(Many(TURNOVER, maximum=240), "Sales by month; a month that is missing counts as 0."),
    "trading_since": Field(Day(), "The first day of the oldest shop."),
    "debt_ratio": Field(
        BasisPoints(0, 10 * BPS),
        "All debts, this lender's included, over a year's verified income.",
        default="0",
    ),
    "clean_record": Field(Switch(), "No overdue on record.", default=False),
    "tax_12_months": Field(Amount(zero=True), "Tax paid in twelve months.", default=None),
    "invoices_12_months": Field(Amount(zero=True), "Invoices of twelve months.", default=None),
}


def turnover_by_month(values: Mapping[str, Any]) -> dict[str, int]:
    """Return sales by month. Refuses InputContradictory for a month given twice."""
    by_month = {row["month"]: row["amount"] for row in values["turnover"]}
    if len(by_month) < len(values["turnover"]):
        raise InputContradictory("A month is given once.", field="turnover")
    return by_month
