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
    exact, level = _level(terms, terms.financed_minor, interest)
    rows = flat_rows(terms, periods, balance_minor=terms.financed_minor, interest=interest, level_minor=level)
    return Plan(rows, ((1, exact),))


def flat_rows(
    terms: PlanTerms,
    periods: Sequence[PlanPeriod],
    *,
    balance_minor: int,
    interest: Sequence[int],
    level_minor: int | None = None,
    principals: Sequence[int] | None = None,
) -> tuple[PlanRow, ...]:
    """Return rows with given interest that repay a balance, by one instalment or by given principal.

    Without either the instalment follows from the balance and the interest. The last row takes the rest.
    Refuses InstalmentBelowInterest.
    """
    if principals is None:
        level = _level(terms, balance_minor, interest)[1] if level_minor is None else level_minor
        principals, level_minor = [level - charged for charged in interest], level
    rows: list[PlanRow] = []
    for at, period in enumerate(periods):
        principal = balance_minor if period is periods[-1] else min(balance_minor, principals[at])
        if principal < 0 or interest[at] < 0:
            raise InstalmentBelowInterest(
                "The instalment does not cover the interest of a row.", field="instalment", row=period.number
            )
        rows.append(_row(terms, period, balance_minor, principal, interest[at], level_minor))
        balance_minor -= principal
    return tuple(rows)


def _row(
    terms: PlanTerms,
    period: PlanPeriod,
    opening_minor: int,
    principal_minor: int,
    charged_minor: int,
    level_minor: int | None,
) -> PlanRow:
    return PlanRow(
        period=period,
        opening_minor=opening_minor,
        principal_minor=principal_minor,
        accrued_minor=charged_minor,
        interest_minor=charged_minor,
        subsidy_minor=subsidy_of(terms, period, base_minor=terms.financed_minor),
        level_minor=level_minor,
    )


def _level(terms: PlanTerms, balance_minor: int, interest: Sequence[int]) -> tuple[Fraction, int]:
    exact = Fraction(balance_minor + sum(interest), len(interest))
    return exact, rounded_to_multiple(amount=exact, multiple_minor=terms.multiple_minor, mode=terms.rounding)


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
