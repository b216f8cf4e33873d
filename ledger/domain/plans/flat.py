"""Flat loans: interest on the original principal in every row, whatever has been repaid.

Owns: the rows' interest, the total rounded once (the last row takes the difference) or row by row, and
the equal instalment that principal and interest together make.
Refuses to know: what such a loan really costs; the annual rate of its cash flows says that.

| 1,250.00 at 15%, 4 months, whole units | 328, 328, 328, 328.50 with 15.62 of interest in a row |
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ledger.domain.plans.level import rounded_to_multiple
from ledger.domain.plans.rows import Plan, PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import InstalmentBelowInterest, interest_of, subsidy_of
from ledger.kernel.rounding import divide_rounded


def flat_plan(terms: PlanTerms, periods: Sequence[PlanPeriod]) -> Plan:
    """Return the rows of a flat loan. Refuses InstalmentBelowInterest."""
    interest = _interest_of_rows(terms, periods)
    exact = Fraction(terms.financed_minor + sum(interest), len(periods))
    level = rounded_to_multiple(amount=exact, multiple_minor=terms.multiple_minor, mode=terms.rounding)
    rows: list[PlanRow] = []
    balance = terms.financed_minor
    for period, charged in zip(periods, interest, strict=True):
        principal = balance if period is periods[-1] else min(balance, level - charged)
        if principal < 0 or charged < 0:
            raise InstalmentBelowInterest(
                "The instalment does not cover the interest of a row.", field="instalment", row=period.number
            )
        rows.append(
            PlanRow(
                period=period,
                opening_minor=balance,
                principal_minor=principal,
                accrued_minor=charged,
                interest_minor=charged,
                subsidy_minor=subsidy_of(terms, period, base_minor=terms.financed_minor),
                level_minor=level,
            )
        )
        balance -= principal
    return Plan(tuple(rows), ((1, exact),))


def _interest_of_rows(terms: PlanTerms, periods: Sequence[PlanPeriod]) -> tuple[int, ...]:
    base = terms.financed_minor
    rows = [interest_of(terms, period, base_minor=base) for period in periods]
    if terms.flat_total_once:
        total = base * sum((period.factor for period in periods), Fraction(0))
        rounded = divide_rounded(
            numerator=total.numerator, denominator=total.denominator, mode=terms.rounding
        )
        rows[-1] += rounded - sum(rows)
    return tuple(rows)
