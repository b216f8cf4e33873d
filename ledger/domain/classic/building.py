"""The rows of a classic schedule.

Owns: the instalment from the first row's rate, interest of each row on its own days, flat interest whose
total is rounded once, and grace. Refuses to know: payments; a classic schedule does not follow them.

| 1,250.00 at 15%, 4 months, whole units | flat 328 and 328.50 with 15.62 a row | declining 322 and 323.33 |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.domain.classic.terms import Amortisation, ClassicTerms, ClassicTermsImpossible
from ledger.domain.progressive.digits import (
    DIGITS,
    ONE,
    exact_sum,
    rounded_minor,
    rounded_to_multiple,
    shared_minor,
)
from ledger.domain.progressive.factors import Stretch, factor_to_row_end


@dataclass(frozen=True)
class ClassicRow:
    """One row; amounts in minor units, interest being what falls due with the row."""

    number: int
    start: date
    due_on: date
    opening_minor: int
    principal_minor: int
    interest_minor: int

    @property
    def total_minor(self) -> int:
        """Return principal and interest."""
        return self.principal_minor + self.interest_minor

    @property
    def closing_minor(self) -> int:
        """Return the principal after the row."""
        return self.opening_minor - self.principal_minor


def build_classic(terms: ClassicTerms) -> tuple[ClassicRow, ...]:
    """Return the rows; the last one repays all that is left. Refuses ClassicTermsImpossible."""
    factors = _factors(terms)
    flat = _flat_interest(terms, factors) if terms.is_flat else None
    part, rows = _part(terms, factors, flat), list[ClassicRow]()
    balance, deferred = terms.principal_minor, 0
    for index, factor in enumerate(factors):
        interest = flat[index] if flat else _interest(terms, index, balance, factor)
        principal = _principal(terms, index, balance, part, interest)
        due, deferred = _due(terms, index, interest + deferred)
        rows.append(_row(terms, index, balance, principal, due))
        balance -= principal
    return tuple(rows)


def _row(terms: ClassicTerms, index: int, balance: int, principal: int, interest: int) -> ClassicRow:
    starts = (terms.schedule.start, *terms.schedule.due_dates)
    return ClassicRow(index + 1, starts[index], starts[index + 1], balance, principal, interest)


def _factors(terms: ClassicTerms) -> list[Decimal]:
    schedule = terms.schedule
    starts = (schedule.start, *schedule.due_dates)
    return [
        factor_to_row_end(Stretch(schedule, index, start, due, start), rate_e8=schedule.rate_e8)
        for index, (start, due) in enumerate(zip(starts, schedule.due_dates, strict=False))
    ]


def _part(terms: ClassicTerms, factors: list[Decimal], flat: list[int] | None) -> int:
    """Return the equal instalment, or the equal principal."""
    if terms.instalment_minor is not None:
        return terms.instalment_minor
    repaying = terms.rows - terms.grace_principal
    if terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
        part = shared_minor(amount_minor=terms.principal_minor, parts=repaying)
    elif flat is not None:
        total = terms.principal_minor + sum(flat[terms.grace_principal :])
        part = shared_minor(amount_minor=total, parts=repaying)
    else:
        part = _annuity(terms.principal_minor, factors[0], repaying)
    return rounded_to_multiple(amount_minor=part, multiple_minor=terms.schedule.multiple_minor)


def _annuity(principal_minor: int, factor: Decimal, rows: int) -> int:
    if factor == 0:
        return shared_minor(amount_minor=principal_minor, parts=rows)
    growth = DIGITS.power(DIGITS.add(ONE, factor), rows)
    share = DIGITS.divide(DIGITS.multiply(factor, growth), DIGITS.subtract(growth, ONE))
    return rounded_minor(DIGITS.multiply(Decimal(principal_minor), share))


def _flat_interest(terms: ClassicTerms, factors: list[Decimal]) -> list[int]:
    """Return each row's interest; the last one takes what rounding the total once leaves."""
    charged = [factor if index >= terms.interest_free else Decimal(0) for index, factor in enumerate(factors)]
    principal, total = Decimal(terms.principal_minor), Decimal(0)
    rows = []
    for factor in charged:
        exact = DIGITS.multiply(principal, factor)
        total = exact_sum(total, exact)
        rows.append(rounded_minor(exact))
    rows[-1] += rounded_minor(total) - sum(rows)
    return rows


def _interest(terms: ClassicTerms, index: int, balance: int, factor: Decimal) -> int:
    if index < terms.interest_free:
        return 0
    return rounded_minor(DIGITS.multiply(Decimal(balance), factor))


def _principal(terms: ClassicTerms, index: int, balance: int, part: int, interest: int) -> int:
    if index == terms.rows - 1:
        return balance
    if index < terms.grace_principal:
        return 0
    wanted = part if terms.amortisation is Amortisation.EQUAL_PRINCIPAL else part - interest
    if wanted < 0:
        raise ClassicTermsImpossible(
            "The instalment does not cover the interest of a row.", field="instalment", row=index + 1
        )
    return min(balance, wanted)


def _due(terms: ClassicTerms, index: int, interest: int) -> tuple[int, int]:
    """Return what is due with a row, and what waits for the first row after the grace period."""
    return (0, interest) if index < terms.grace_interest else (interest, 0)
