"""The annual percentage rate by the actuarial method of United States Regulation Z, Appendix J.

Owns: the general equation over unit-periods and fractions of one, and which rate is meant where several fit.
Refuses to know: finance charges, that is which amounts are costs; the caller states advances and payments.
Source: 12 CFR part 1026, Appendix J: each amount is divided by (1 + f i)(1 + i)^t, where t is the whole
unit-periods and f the fraction before them; the rate is i x unit-periods in a year. The law knows one rate
only: of several the one nearest to zero is meant, as where a student pays before the first advance.

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
from decimal import Decimal
from fractions import Fraction

from ledger.domain.annual_rates.cash_flows import require_sign_change, turns_once
from ledger.kernel.root_finding import find_rate


@dataclass(frozen=True)
class UnitPeriodFlow:
    """An advance (positive) or payment (negative) after whole unit-periods and a fraction of one."""

    whole: int
    fraction: Fraction
    amount_minor: int


def actuarial_rate(
    flows: Sequence[UnitPeriodFlow], *, unit_periods_in_year: Fraction, near: Decimal = Decimal(0)
) -> Decimal:
    """Return the annual percentage rate as a fraction of one, the nearest to ``near``. Refuses RateNotFound."""
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

    in_year = Decimal(unit_periods_in_year.numerator) / unit_periods_in_year.denominator
    in_time = sorted(flows, key=lambda flow: flow.whole + flow.fraction)
    is_single = turns_once([flow.amount_minor for flow in in_time])
    return find_rate(value_and_slope, near=near / in_year, is_single=is_single) * in_year
