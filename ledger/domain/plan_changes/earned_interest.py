"""Interest that has been earned and not paid on the day of a change, by where it stands.

Owns: the three places: overdue on rows that fell due, put off by rows without interest, and accrued in the
running row. Refuses to know: whether it is capitalised, forgiven or moved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ledger.domain.plan_changes.payments import Unpaid
from ledger.domain.plan_changes.standing import Standing
from ledger.domain.plan_changes.weighing import cut
from ledger.domain.plans.choices import GraceInterest, Method
from ledger.domain.plans.walking import interest_of


class Earned(StrEnum):
    """Where earned interest stands."""

    OVERDUE = "overdue"
    PUT_OFF = "put_off"
    ACCRUED = "accrued"


@dataclass(frozen=True)
class EarnedInterest:
    """The amounts in minor units."""

    overdue_minor: int
    put_off_minor: int
    accrued_minor: int

    def of(self, parts: Collection[Earned]) -> int:
        """Return the sum of some parts."""
        amounts = {
            Earned.OVERDUE: self.overdue_minor,
            Earned.PUT_OFF: self.put_off_minor,
            Earned.ACCRUED: self.accrued_minor,
        }
        return sum(amounts[part] for part in Earned if part in parts)


def earned_interest(standing: Standing, *, unpaid: Sequence[Unpaid]) -> EarnedInterest:
    """Return the interest earned by the day; what accrued is rounded once."""
    return EarnedInterest(
        overdue_minor=sum(item.interest_minor for item in unpaid),
        put_off_minor=standing.put_off_minor + sum(standing.carried),
        accrued_minor=accrued_minor(standing),
    )


def accrued_minor(standing: Standing) -> int:
    """Return the interest of the running row up to the day; rows whose interest is forgiven earn none."""
    terms, running = standing.terms, standing.periods[0]
    if terms.grace.interest_rows and terms.grace.interest is GraceInterest.FORGIVEN:
        return 0
    before, _ = cut(terms, running.pieces, on=standing.on)
    base = terms.financed_minor if terms.method is Method.FLAT else standing.balance_minor
    return interest_of(terms, replace(running, pieces=before), base_minor=base)
