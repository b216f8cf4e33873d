"""What interest a loan bears that ends ahead of time.

Owns: interest to date, the rule of 78 for flat loans, the whole term, and a shortest time of interest.
Refuses to know: principal, fees and penalties; the payoff of the day says those.
Source: interest is charged for the time the money was used unless law and contract permit more, which is
why interest to date is the default and everything else has a name.

| flat loan of 12 rows, interest 1,200.00, paid off after 5 rows | not charged |
| rule of 78: 7 x 8 / (12 x 13) x 1,200.00                        | 430.77      |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from ledger.domain.plans.choices import GraceInterest, Method
from ledger.domain.plans.early import Payoff
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import INSTALMENT, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded


class RebateImpossible(Refusal):
    """The rule says nothing about a loan of this method."""

    code = "LEDGER_REBATE_IMPOSSIBLE"
    kind = RefusalKind.INVALID


class Rebate(StrEnum):
    """Which interest is charged when a loan ends early."""

    TO_DATE = "to_date"  # for the days the money was used
    RULE_OF_78 = "rule_of_78"  # flat loans: rows bear interest in the proportion n, n-1, ... 1
    FULL_TERM = "full_term"  # all of it, where law permits


@dataclass(frozen=True)
class EarlyInterest:
    """Interest of the rows to come: what is charged with the payoff, and what is not."""

    charged_minor: int
    by_rule_minor: int
    least_minor: int
    rebate_minor: int


def early_interest(
    terms: PlanTerms,
    rows: Sequence[PlanRow],
    *,
    payoff: Payoff,
    rebate: Rebate = Rebate.TO_DATE,
    days_min: int = 0,
) -> EarlyInterest:
    """Return the interest that a payoff charges beyond what is due; at least that of so many days.

    Refuses RebateImpossible.
    """
    listed = [row for row in rows if row.kind == INSTALMENT]
    to_come = [row for row in listed if row.period.due_on > payoff.on]
    planned = sum(row.interest_minor + row.capitalised_minor for row in to_come)
    left = planned - payoff.deferred_interest_minor
    by_rule = {
        Rebate.TO_DATE: lambda: payoff.broken_interest_minor,
        Rebate.RULE_OF_78: lambda: max(0, left - unearned_by_78(terms, listed, on=payoff.on)),
        Rebate.FULL_TERM: lambda: left,
    }[rebate]()
    least = _interest_of_first_days(terms, listed, on=payoff.on, days=days_min)
    charged = max(by_rule, least)
    return EarlyInterest(charged, by_rule, least, left - charged)


def unearned_by_78(terms: PlanTerms, rows: Sequence[PlanRow], *, on: date) -> int:
    """Return the interest that the rows after the running one would bear. Refuses RebateImpossible."""
    if terms.method is not Method.FLAT:
        raise RebateImpossible("Only flat interest is spread by the rule of 78.", field="rebate")
    count, total = len(rows), sum(row.interest_minor for row in rows)
    whole = sum(1 for row in rows if row.period.starts_on >= on)
    return divide_rounded(
        numerator=total * whole * (whole + 1), denominator=count * (count + 1), mode=terms.rounding
    )


def _interest_of_first_days(terms: PlanTerms, rows: Sequence[PlanRow], *, on: date, days: int) -> int:
    """Return what the plan would bear after the rows due on a day and within so many days of the start."""
    until = terms.start + timedelta(days=days)
    exact = sum(
        (_earned(terms, row, at, until) for at, row in enumerate(rows) if on < row.period.due_on),
        Fraction(0),
    )
    return divide_rounded(numerator=exact.numerator, denominator=exact.denominator, mode=terms.rounding)


def _earned(terms: PlanTerms, row: PlanRow, at: int, until: date) -> Fraction:
    period, base = row.period, terms.financed_minor if terms.method is Method.FLAT else row.opening_minor
    is_free = at < terms.grace.interest_rows and terms.grace.interest is GraceInterest.FORGIVEN
    if until <= period.starts_on or is_free:
        return Fraction(0)
    if until >= period.due_on:
        return Fraction(row.accrued_minor)
    pieces = counted_pieces(terms, start=period.starts_on, end=until)
    return base * sum((piece.factor for piece in pieces), Fraction(0))
