"""What a prepayment leaves of agreed batches and of flat rows.

Owns: batches that get smaller in proportion or fall away from the last one; flat interest that falls with
the principal, or by the rule of 78.
Refuses to know: what of an amount repays principal.

| batches of 10,000.00 and 15,000.00, 9,000.00 repaid early | left                   |
| --------------------------------------------------------- | ---------------------- |
| shorten_term: from the last one                           | 10,000.00 and 6,000.00 |
| reduce_instalment: in proportion                          | 6,400.00 and 9,600.00  |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ledger.domain.plans.choices import Batch
from ledger.domain.plans.flat import flat_rows
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.rounding import divide_rounded


def reduced_batches(
    terms: PlanTerms, to_come: Sequence[PlanRow], *, left_minor: int, shortens: bool
) -> PlanTerms:
    """Return the terms with the batches that repay what is left; batches that fall away have no row."""
    amounts = [row.principal_minor for row in to_come]
    kept = _from_the_last(amounts, left_minor) if shortens else in_proportion(amounts, left_minor)
    batches = tuple(Batch(row.period.planned_on, amount) for row, amount in zip(to_come, kept, strict=False))
    return replace(
        terms, principal_minor=left_minor, down_payment_minor=0, batches=batches, count=len(batches)
    )


def in_proportion(amounts: Sequence[int], total_minor: int) -> list[int]:
    """Return amounts in the same proportion that add up to a total; the last one takes the rest."""
    whole = sum(amounts)
    parts = [total_minor * amount // whole for amount in amounts[:-1]]
    return [*parts, total_minor - sum(parts)]


def reduced_flat_rows(
    terms: PlanTerms,
    to_come: Sequence[PlanRow],
    periods: Sequence[PlanPeriod],
    *,
    left_minor: int,
    shortens: bool,
) -> tuple[PlanRow, ...]:
    """Return flat rows whose interest falls in proportion to the principal. Refuses InstalmentBelowInterest.

    The old instalment repays them earlier, or a smaller one in as many rows.
    """
    share = Fraction(left_minor, sum(row.principal_minor for row in to_come))
    interest = [
        _rounded(terms, row.interest_minor * share * _part_left(row.period, period))
        for row, period in zip(to_come, periods, strict=True)
    ]
    level = to_come[0].level_minor if shortens else None
    rows = flat_rows(terms, periods, balance_minor=left_minor, interest=interest, level_minor=level)
    return tuple(row for row in rows if row.opening_minor) if shortens else rows


def rebated_flat_rows(
    terms: PlanTerms, to_come: Sequence[PlanRow], *, left_minor: int, unearned_minor: int
) -> tuple[PlanRow, ...]:
    """Return flat rows without the repaid share of the interest that is not earned by the rule of 78."""
    before = sum(row.principal_minor for row in to_come)
    rebate = _rounded(terms, Fraction(unearned_minor * (before - left_minor), before))
    planned = [row.interest_minor for row in to_come]
    interest = in_proportion(planned, sum(planned) - rebate) if sum(planned) else planned
    periods = [row.period for row in to_come]
    return flat_rows(terms, periods, balance_minor=left_minor, interest=interest)


def _part_left(whole: PlanPeriod, left: PlanPeriod) -> Fraction:
    """Return which share of a row's interest is still to be earned when its period begins anew."""
    return left.factor / whole.factor if whole.factor else Fraction(0)


def _rounded(terms: PlanTerms, amount: Fraction) -> int:
    return divide_rounded(numerator=amount.numerator, denominator=amount.denominator, mode=terms.rounding)


def _from_the_last(amounts: Sequence[int], left_minor: int) -> list[int]:
    kept: list[int] = []
    for amount in amounts:
        part = min(amount, left_minor - sum(kept))
        if part == 0 and sum(kept) == left_minor:
            break
        kept.append(part)
    return kept
