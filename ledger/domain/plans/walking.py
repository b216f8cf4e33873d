"""The walk down a plan: each row's interest on its opening balance, and what of it falls due.

Owns: rounding of interest (once a row, or once a rate piece), grace rows, the last row that repays all
that is left, and the refusal of a row that would lend more.
Refuses to know: how a method sets a row's principal; it is handed in as a function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.domain.plans.choices import GraceInterest
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded


class InstalmentBelowInterest(Refusal):
    """A row pays less than its own interest, so the balance would grow."""

    code = "LEDGER_INSTALMENT_BELOW_INTEREST"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Step:
    """Where the walk stands when a row's principal is asked for."""

    index: int
    balance_minor: int
    interest_minor: int


# Returns the principal of a row, and the equal instalment it came from, if the method has one.
PrincipalRule = Callable[[Step], tuple[int, int | None]]


def walk(
    terms: PlanTerms, *, periods: Sequence[PlanPeriod], balance_minor: int, principal_of: PrincipalRule
) -> tuple[PlanRow, ...]:
    """Return the rows until nothing is left. Refuses InstalmentBelowInterest."""
    rows: list[PlanRow] = []
    deferred = 0
    for index, period in enumerate(periods):
        if balance_minor == 0 and deferred == 0:
            break
        accrued = _accrued(terms, index, interest_of(terms, period, base_minor=balance_minor))
        principal, level = principal_of(Step(index, balance_minor, accrued))
        principal = _principal(terms, index, balance_minor, principal, is_last=period is periods[-1])
        due, deferred, capitalised = _interest_due(terms, index, accrued, deferred)
        rows.append(
            PlanRow(
                period=period,
                opening_minor=balance_minor,
                principal_minor=principal,
                accrued_minor=accrued,
                interest_minor=due,
                capitalised_minor=capitalised,
                subsidy_minor=subsidy_of(terms, period, base_minor=balance_minor),
                level_minor=level,
            )
        )
        balance_minor += capitalised - principal
    return tuple(rows)


def interest_of(terms: PlanTerms, period: PlanPeriod, *, base_minor: int) -> int:
    """Return a row's interest in minor units, rounded as the terms say."""
    return _rounded(terms, base_minor, [piece.factor for piece in period.pieces])


def subsidy_of(terms: PlanTerms, period: PlanPeriod, *, base_minor: int) -> int:
    """Return what a promotion takes off a row's interest: 600.00 less 510.00 is 90.00."""
    if not terms.rates.promotions:
        return 0
    full = _rounded(terms, base_minor, [piece.full_factor for piece in period.pieces])
    return full - interest_of(terms, period, base_minor=base_minor)


def _rounded(terms: PlanTerms, base_minor: int, factors: Sequence[Fraction]) -> int:
    is_whole = terms.round_each_piece or len(factors) == 1
    parts = list(factors) if is_whole else [sum(factors, Fraction(0))]
    return sum(
        divide_rounded(
            numerator=base_minor * part.numerator, denominator=part.denominator, mode=terms.rounding
        )
        for part in parts
    )


def _accrued(terms: PlanTerms, index: int, interest: int) -> int:
    is_forgiven = index < terms.grace.interest_rows and terms.grace.interest is GraceInterest.FORGIVEN
    return 0 if is_forgiven else interest


def _principal(terms: PlanTerms, index: int, balance: int, wanted: int, *, is_last: bool) -> int:
    if is_last:
        return balance
    if index < terms.grace.principal_rows:
        return 0
    if wanted < 0:
        raise InstalmentBelowInterest(
            "The instalment does not cover the interest of a row.", field="instalment", row=index + 1
        )
    return min(balance, wanted)


def _interest_due(terms: PlanTerms, index: int, accrued: int, deferred: int) -> tuple[int, int, int]:
    """Return what falls due, what is put off, and what is added to the principal (nothing if forgiven)."""
    if index >= terms.grace.interest_rows:
        return accrued + deferred, 0, 0
    if terms.grace.interest is GraceInterest.DEFERRED:
        return 0, deferred + accrued, 0
    return 0, 0, accrued
