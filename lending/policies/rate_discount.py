"""A rate that is lowered for a time and paid for by a budget (D-164).

Owns: when a discount applies, the discounted rate and interest, and the subsidy, which is what the borrower
does not pay. Refuses to know: which segment is offered it, and the books.
A discount is for a loan that is not overdue and that is drawn on one of its days, both ends included; it lasts
for all days of interest, or only for those that are its days. It is given in full or not at all: the budget
has to cover the whole subsidy. Interest is rounded once with and once without it, so that interest and
subsidy always add up to the full interest. 14.4% x 0.85 is 12.24%.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding, divide_rounded
from lending.policies.limit_policy import BPS

SHARE_MIN_BPS: Final = 8_500


@dataclass(frozen=True, slots=True)
class Discount:
    """The part of the rate that is charged, the days on which it is, and what may be spent on it.

    With ``whole_life`` it lasts as long as the interest does, else only on its own days.
    """

    share_bps: int
    first_day: date
    last_day: date
    budget_minor: int
    whole_life: bool = True

    def days_of(self, *, start: date, days: int) -> int:
        """Return on how many of the days of interest it applies; the first is the start itself."""
        if self.whole_life:
            return days
        end = min(start + timedelta(days=days), self.last_day + timedelta(days=1))
        return max(0, (end - max(start, self.first_day)).days)


@dataclass(frozen=True, slots=True)
class DiscountedInterest:
    """Interest with the discount, or in full and why."""

    rate_e8: int
    full_minor: int
    interest_minor: int
    refused: str = ""

    @property
    def subsidy_minor(self) -> int:
        """Return what the budget pays."""
        return self.full_minor - self.interest_minor


def discounted_interest(
    *,
    principal_minor: int,
    annual_rate_e8: int,
    days: int,
    year_days: int,
    on: date,
    overdue: bool,
    discount: Discount,
    rounding: Rounding = Rounding.HALF_UP,
) -> DiscountedInterest:
    """Return the interest of so many days from ``on``, the day of the draw, which counts."""
    # The whole product over one denominator: the discounted rate may have more than eight decimals.
    denominator = RATE_UNIT * year_days * BPS
    saved_bps_days = (BPS - discount.share_bps) * discount.days_of(start=on, days=days)
    full_minor, lowered_minor = (
        divide_rounded(
            numerator=principal_minor * annual_rate_e8 * (days * BPS - saved),
            denominator=denominator,
            mode=rounding,
        )
        for saved in (0, saved_bps_days)
    )
    refused = _obstacle(discount, on=on, overdue=overdue, subsidy_minor=full_minor - lowered_minor)
    if refused:
        return DiscountedInterest(annual_rate_e8, full_minor, full_minor, refused)
    rate_e8 = divide_rounded(numerator=annual_rate_e8 * discount.share_bps, denominator=BPS)
    return DiscountedInterest(rate_e8, full_minor, lowered_minor)


def _obstacle(discount: Discount, *, on: date, overdue: bool, subsidy_minor: int) -> str:
    if not discount.first_day <= on <= discount.last_day:
        return "not_valid"
    if overdue:
        return "overdue"
    return "budget_spent" if discount.budget_minor < max(subsidy_minor, 1) else ""
