"""What an overdue instalment costs by a day: penalty interest, compound interest, capped fees.

Owns: the variants a contract may choose: retroactive or plain grace, compound interest off, at the
contract rate until the loan matures or at the penalty rate, an uplift or a penalty rate that is agreed
itself, whether the last day counts, and the cap on all charges together.
Refuses to know: daily accruals of the books, allocation, and who is told.
Sources: PBoC Yinfa [2003] 251 (30% to 50% above the contract rate, 50% to 100% for misuse of funds). No
penalty is charged on a penalty. Principal not yet due keeps the contract rate.

| 8,000.00 and 96.00 of interest at 14.4% + 50%, 25 days | penalty 120.00 | compound 1.44 |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from ledger.domain.penalty import penalty_rate_e8
from ledger.kernel.day_count import DayCount, year_fraction
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import Rounding, divide_rounded


class OverdueTermsInvalid(Refusal):
    """The uplift, the grace days or the contract rate lie outside their bounds."""

    code = "LEDGER_OVERDUE_TERMS_INVALID"
    kind = RefusalKind.INVALID


class GraceMode(StrEnum):
    """What a payment after the grace days costs."""

    RETROACTIVE = "retroactive"  # penalty from the due date
    PLAIN = "plain"  # penalty from the end of the grace days


class CompoundMode(StrEnum):
    """At which rate unpaid interest bears interest."""

    OFF = "off"
    PENALTY_RATE = "penalty_rate"
    CONTRACT_UNTIL_MATURITY = "contract_until_maturity"


@dataclass(frozen=True, kw_only=True)
class OverdueTerms:
    """The conventions of one contract. Refuses OverdueTermsInvalid."""

    contract_rate_e8: int
    uplift_e8: int = RATE_UNIT // 2
    agreed_penalty_rate_e8: int | None = None
    ceiling_e8: int = 24_000_000
    grace_days: int = 3
    grace_mode: GraceMode = GraceMode.RETROACTIVE
    compound: CompoundMode = CompoundMode.PENALTY_RATE
    matures_on: date | None = None
    counts_last_day: bool = False
    day_count: DayCount = DayCount.ACT_360
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        until_maturity = self.compound is CompoundMode.CONTRACT_UNTIL_MATURITY
        rules = (
            ("uplift", 0 <= self.uplift_e8 <= RATE_UNIT, "An uplift adds at most the contract rate again."),
            ("grace_days", 0 <= self.grace_days <= 60, "There are 0 to 60 days of grace."),
            ("contract_rate", self.contract_rate_e8 >= 0, "A contract rate is not negative."),
            (
                "contract_rate",
                self.contract_rate_e8 <= self.ceiling_e8,
                "The contract rate itself is above the ceiling; a higher ceiling can be stated.",
            ),
            (
                "matures_on",
                until_maturity == bool(self.matures_on),
                "The maturity is stated for compound interest at the contract rate until then, and only there.",
            ),
        )
        for name, is_sound, message in rules:
            if not is_sound:
                raise OverdueTermsInvalid(message, field=name)

    @property
    def penalty_rate_e8(self) -> int:
        """Return the rate on overdue principal, raised or agreed, never above the ceiling."""
        if self.agreed_penalty_rate_e8 is not None:
            return min(self.agreed_penalty_rate_e8, self.ceiling_e8)
        return penalty_rate_e8(
            contract_rate_e8=self.contract_rate_e8, uplift_e8=self.uplift_e8, ceiling_e8=self.ceiling_e8
        )


@dataclass(frozen=True)
class OverdueCharges:
    """What one instalment costs: ``charged_from`` is empty while nothing is charged."""

    days_past_due: int
    charged_from: date | None
    days_charged: int
    penalty_minor: int
    compound_minor: int
    fee_minor: int
    cap_minor: int

    @property
    def total_minor(self) -> int:
        """Return all charges together."""
        return self.penalty_minor + self.compound_minor + self.fee_minor


def overdue_charges(
    terms: OverdueTerms,
    *,
    due_on: date,
    on: date,
    principal_minor: int,
    interest_minor: int,
    fee_minor: int = 0,
    pay_by: date | None = None,
) -> OverdueCharges:
    """Return what an unpaid instalment costs by a day; fees above the cap are not charged.

    Up to ``pay_by`` a payment is punctual, as on the first business day after a due date that was none.
    """
    charged_from = None if pay_by is not None and on <= pay_by else _charged_from(terms, due_on, on)
    if charged_from is None:
        return OverdueCharges(max(0, (on - due_on).days), None, 0, 0, 0, 0, 0)
    until = on + timedelta(days=1 if terms.counts_last_day else 0)
    years = year_fraction(convention=terms.day_count, start=charged_from, end=until)
    penalty = _rounded(terms, principal_minor * _share(terms.penalty_rate_e8) * years)
    compound = _rounded(terms, interest_minor * _compound_factor(terms, charged_from, until))
    cap = _rounded(terms, (principal_minor + interest_minor) * _share(terms.ceiling_e8) * years)
    fee = min(fee_minor, max(0, cap - penalty - compound))
    days = (until - charged_from).days
    return OverdueCharges((on - due_on).days, charged_from, days, penalty, compound, fee, cap)


def _charged_from(terms: OverdueTerms, due_on: date, on: date) -> date | None:
    grace_ends = due_on + timedelta(days=terms.grace_days)
    if on <= grace_ends:
        return None
    return due_on if terms.grace_mode is GraceMode.RETROACTIVE else grace_ends


def _compound_factor(terms: OverdueTerms, start: date, end: date) -> Fraction:
    if terms.compound is CompoundMode.OFF:
        return Fraction(0)
    if terms.matures_on is None or terms.matures_on <= start:
        return _share(terms.penalty_rate_e8) * _years(terms, start, end)
    turns = min(terms.matures_on, end)
    before = _share(terms.contract_rate_e8) * _years(terms, start, turns)
    return before + _share(terms.penalty_rate_e8) * _years(terms, turns, end)


def _years(terms: OverdueTerms, start: date, end: date) -> Fraction:
    return year_fraction(convention=terms.day_count, start=start, end=end)


def _share(rate_e8: int) -> Fraction:
    return Fraction(rate_e8, RATE_UNIT)


def _rounded(terms: OverdueTerms, amount: Fraction) -> int:
    return divide_rounded(numerator=amount.numerator, denominator=amount.denominator, mode=terms.rounding)
