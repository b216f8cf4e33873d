"""How each method but the equal instalment sets the principal of a row.

Owns: equal principal, interest only, bullet and agreed batches as principal rules for the walk.
Refuses to know: interest rounding and grace, which are the walk's, and holidays.
"""

from __future__ import annotations

from fractions import Fraction

from ledger.domain.plans.level import rounded_to_multiple
from ledger.domain.plans.terms import PlanTerms, PlanTermsImpossible
from ledger.domain.plans.walking import PrincipalRule, Step


class EqualPrincipalRule:
    """P / n in each row that repays principal; the first or the last of them takes the difference."""

    def __init__(self, terms: PlanTerms, *, count: int, given_minor: int | None = None) -> None:
        self._terms = terms
        self._count = count - terms.grace.principal_rows
        self._part_minor = given_minor

    def __call__(self, step: Step) -> tuple[int, int | None]:
        """Return a row's principal; interest capitalised in grace rows is part of what is spread."""
        if step.index < self._terms.grace.principal_rows:
            return 0, None
        if self._part_minor is not None:
            return self._part_minor, None
        spread = step.balance_minor - self._terms.balloon_minor
        self._part_minor = rounded_to_multiple(
            amount=Fraction(spread, self._count),
            multiple_minor=self._terms.multiple_minor,
            mode=self._terms.rounding,
        )
        return self._first_part(spread, self._part_minor), None

    def _first_part(self, spread_minor: int, part_minor: int) -> int:
        if not self._terms.first_absorbs:
            return part_minor
        first = spread_minor - (self._count - 1) * part_minor
        if first < 0:
            raise PlanTermsImpossible(
                "The first row cannot absorb more than it repays; round to a smaller multiple.",
                field="absorbs",
            )
        return first


def nothing_until_the_end(step: Step) -> tuple[int, int | None]:
    """Repay everything with the last row, as interest-only loans and bullets do."""
    del step
    return 0, None


def batch_rule(terms: PlanTerms) -> PrincipalRule:
    """Repay what was agreed for each date."""
    return lambda step: (terms.batches[step.index].principal_minor, None)
