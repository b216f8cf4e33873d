"""The fields of the calculator ``annual-rate``.

Owns: names, meanings and bounds. Refuses to know: the rates.
"""

from __future__ import annotations

from typing import Final

from ledger.calculators.fields import Amount, Choice, Day, Rate, Whole
from ledger.calculators.plan_fields import CURRENCY, NESTED_PLAN
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.annual_rates.unit_periods import EVERY_MAX, Interval
from ledger.kernel.frequencies import COUNT_MAX
from ledger.policies.rate_ceiling import CeilingKind

DISCLOSURE, IRR, XIRR, REG_Z = "disclosure", "irr", "xirr", "reg_z"

FLOW: Final = Shape(
    {
        "on": Field(Day(), "The day, for xirr or reg_z.", default=None),
        "period": Field(Whole(0, 4 * COUNT_MAX), "Whole periods since the start instead.", default=None),
        "odd_days": Field(Whole(0, 366), "Days of a broken unit-period, for reg_z.", default=0),
        "amount": Field(Amount(signed=True), "Received by the borrower; negative when paid."),
    }
)
FEE: Final = Shape(
    {
        "row": Field(Whole(0, COUNT_MAX), "The row it is paid with; 0 is the first day."),
        "amount": Field(Amount(), "The fee."),
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "method": Field(
        Choice((DISCLOSURE, IRR, XIRR, REG_Z)),
        "Every rate of a schedule with its fees, or one rate of given flows.",
        default=DISCLOSURE,
        convention=True,
    ),
    "schedule": Field(NESTED_PLAN, "The plan, for disclosure.", default=None),
    "fees": Field(Many(FEE), "Fees of that plan.", default=[]),
    "fee_each_row": Field(Amount(), "A fee paid with every row.", default=None),
    "fee_income": Field(
        Choice(("effective_rate", "straight_line")),
        "How fees of the first day become income.",
        default="effective_rate",
        convention=True,
    ),
    "flows": Field(Many(FLOW, minimum=2, maximum=COUNT_MAX + 1), "Money received and paid.", default=None),
    "periods_per_year": Field(
        Whole(1, 366), "How many periods a year has, for irr.", default=12, convention=True
    ),
    "unit": Field(
        Choice.of(Interval),
        "The unit-period, for reg_z; by default the interval that the dates of the flows have most often, or"
        " a month.",
        default=None,
        convention=True,
    ),
    "every": Field(
        Whole(1, EVERY_MAX),
        "Units in a unit-period, for reg_z: 3 months are a quarter, 12 a year; 1 beside a unit.",
        default=None,
        convention=True,
    ),
    "near": Field(
        Rate(),
        "The annual rate that is meant where several fit the flows; without it irr and xirr take the only"
        " one that is not negative, or refuse; reg_z takes the one nearest to zero.",
        default=None,
        convention=True,
    ),
    "ceiling": Field(
        Choice.of(CeilingKind), "Whose ceiling the rate is compared with.", default=None, convention=True
    ),
    "signed_on": Field(
        Day(), "The day of signing; the start of the plan by default.", default=None, convention=True
    ),
}
