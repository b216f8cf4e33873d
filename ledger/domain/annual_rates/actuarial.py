"""The annual percentage rate by the actuarial method of United States Regulation Z, Appendix J.

Owns: the general equation with unit-periods and fractions of one, and how dates become unit-periods.
Refuses to know: finance charges, that is which amounts are costs; the caller states advances and payments.
Source: 12 CFR part 1026, Appendix J: each amount is divided by (1 + f i)(1 + i)^t, where t is the whole
unit-periods and f the fraction before them; the rate is i x unit-periods in a year. Odd days are
measured forward from the start; a month has 30 of them, the unit-periods themselves are measured back.

| advance | payments                                        | rate   |
| ------- | ----------------------------------------------- | ------ |
| 5,000   | 24 x 230 a month                                |  9.69% |
| 6,000   | 36 x 200, the first after 1 month and 19 days   | 11.82% |
| 500     | 30 x 17.60 a week, the first after 4 and 4/7    | 14.96% |
| 1,000   | 1,080 after 255 days, which are the unit-period | 11.45% |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.domain.annual_rates.cash_flows import require_sign_change
from ledger.kernel.frequencies import Frequency, Unit
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.root_finding import find_rate

ODD_DAYS_OF: Final = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30}
UNITS_IN_YEAR: Final = {Unit.DAY: 365, Unit.WEEK: 52, Unit.MONTH: 12}


class FlowBeforeAdvance(Refusal):
    """A flow lies before the first advance."""

    code = "LEDGER_FLOW_BEFORE_ADVANCE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class UnitPeriodFlow:
    """An advance (positive) or payment (negative) after whole unit-periods and a fraction of one."""

    whole: int
    fraction: Fraction
    amount_minor: int


def actuarial_rate(flows: Sequence[UnitPeriodFlow], *, unit_periods_in_year: Fraction) -> Decimal:
    """Return the annual percentage rate as a fraction of one. Refuses RateNotFound, RateAmbiguous."""
    require_sign_change([flow.amount_minor for flow in flows])

    def value_and_slope(rate: Decimal) -> tuple[Decimal, Decimal]:
        value, slope = Decimal(0), Decimal(0)
        for flow in flows:
            part = Decimal(flow.fraction.numerator) / flow.fraction.denominator
            odd, whole = 1 + part * rate, 1 + rate
            present = flow.amount_minor / (odd * whole**flow.whole)
            value += present
            slope -= present * (part / odd + flow.whole / whole)
        return value, slope

    per_unit = find_rate(value_and_slope)
    return per_unit * unit_periods_in_year.numerator / unit_periods_in_year.denominator


def unit_periods_between(*, start: date, end: date, unit: Frequency) -> tuple[int, Fraction]:
    """Return the whole unit-periods measured back from the end, and the odd days before them as a part.

    Refuses FlowBeforeAdvance.
    """
    if end < start:
        raise FlowBeforeAdvance("Nothing is paid before the first advance.", field="flows")
    whole = 0
    while unit.after(end, steps=-(whole + 1)) >= start:
        whole += 1
    odd_days = (unit.after(end, steps=-whole) - start).days
    return whole, Fraction(odd_days, ODD_DAYS_OF[unit.unit] * unit.every)


def unit_periods_in_year(unit: Frequency) -> Fraction:
    """Return how many unit-periods a year has: 12 months, 26 fortnights, 365 days."""
    return Fraction(UNITS_IN_YEAR[unit.unit], unit.every)
