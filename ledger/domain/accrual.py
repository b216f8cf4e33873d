"""Accrual: how much interest, penalty or compound interest a claim has earned by a date.

Owns: the one formula for all three kinds, kept as exact whole numbers and rounded only in total.
Refuses to know: schedules, allocation, accounts and the day close.
Rule: earned(on) is cumulative, so any day is earned(on + 1) - earned(on); nothing drifts, and a
missed day is caught up in one step. 7,615.00 at 14.4% over 360 earns 3.046 a day: after 50 days the
total is 152.30, never 50 x 3.05 = 152.50.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded

INTEREST: Final = "interest"
PENALTY: Final = "penalty"
COMPOUND: Final = "compound"


@dataclass(frozen=True)
class Accrual:
    """One claim that grows by the day. Days run from ``started_on`` and stop at ``ends_on``.

    ``accrue_from`` is the first business day whose close posts this segment; what was earned before
    it has been posted by the event that created the segment. ``carry_numerator`` is the exact amount
    brought over from earlier segments, in units of 1/denominator.
    """

    key: str
    kind: str
    started_on: date
    ends_on: date | None
    accrue_from: date
    per_day_numerator: int
    denominator: int
    carry_numerator: int
    settled_minor: int

    def exact_numerator(self, on: date) -> int:
        """Return what has been earned by a date, unrounded, in units of 1/denominator."""
        until = on if self.ends_on is None else min(on, self.ends_on)
        return self.carry_numerator + self.per_day_numerator * max(0, (until - self.started_on).days)

    def earned(self, on: date) -> int:
        """Return what has been earned by a date in minor units, rounded half up once."""
        return divide_rounded(numerator=self.exact_numerator(on), denominator=self.denominator)

    def payable(self, on: date) -> int:
        """Return what has been earned by a date and not been settled."""
        return self.earned(on) - self.settled_minor

    def amount_of_day(self, on: date) -> int:
        """Return what the close of business day ``on`` posts for this segment."""
        return self.earned(on + timedelta(days=1)) - self.earned(on) if self.accrue_from <= on else 0

    def runs_after(self, on: date) -> bool:
        """Say whether days after ``on`` can still earn something."""
        return self.ends_on is None or self.ends_on > max(on, self.started_on)

    def is_done(self, on: date) -> bool:
        """Say whether nothing more will be earned and everything earned has been settled."""
        return not self.runs_after(on) and self.payable(on) == 0

    def settled(self, amount_minor: int) -> Accrual:
        """Return the accrual after a payment towards it."""
        return replace(self, settled_minor=self.settled_minor + amount_minor)

    def restarted(self, on: date, per_day_numerator: int) -> Accrual:
        """Return the accrual growing at another pace from ``on``; the exact amount is carried over."""
        return replace(
            self,
            started_on=on,
            accrue_from=on,
            per_day_numerator=per_day_numerator,
            carry_numerator=self.exact_numerator(on),
        )

    def closed(self, on: date) -> Accrual:
        """Return the accrual as it stands when nothing is earned from ``on`` onwards."""
        return replace(self, ends_on=on) if self.runs_after(on) else self

    def closed_at(self, on: date, payable_minor: int) -> Accrual:
        """Return the accrual closed with another payable amount, such as interest by actual days.

        The caller owes the books the difference to ``payable(on)`` as an adjustment. An accrual that
        has not started yet keeps its dates, so that it still is the same segment to its readers.
        """
        day = max(on, self.started_on)
        return replace(
            self,
            started_on=day,
            ends_on=day,
            accrue_from=day,
            per_day_numerator=0,
            carry_numerator=(self.settled_minor + payable_minor) * self.denominator,
        )


def daily_accrual(
    *,
    key: str,
    kind: str,
    base_minor: int,
    annual_rate_e8: int,
    day_base: int,
    started_on: date,
    ends_on: date | None,
    accrue_from: date,
) -> Accrual:
    """Return an accrual of base x rate / day base for each actual day."""
    return Accrual(
        key=key,
        kind=kind,
        started_on=started_on,
        ends_on=ends_on,
        accrue_from=accrue_from,
        per_day_numerator=base_minor * annual_rate_e8,
        denominator=RATE_UNIT * day_base,
        carry_numerator=0,
        settled_minor=0,
    )


def linear_accrual(*, key: str, amount_minor: int, starts_on: date, due_on: date) -> Accrual:
    """Return interest of a fixed amount spread evenly over its period, exact on the due date."""
    return Accrual(
        key=key,
        kind=INTEREST,
        started_on=starts_on,
        ends_on=due_on,
        accrue_from=starts_on,
        per_day_numerator=amount_minor,
        denominator=(due_on - starts_on).days,
        carry_numerator=0,
        settled_minor=0,
    )


def merge_accruals(held: tuple[Accrual, ...], changed: Iterable[Accrual], *, on: date) -> tuple[Accrual, ...]:
    """Return the accruals after some were changed or added, without those that are done."""
    by_key = {accrual.key: accrual for accrual in held}
    by_key.update((accrual.key, accrual) for accrual in changed)
    return tuple(accrual for accrual in by_key.values() if not accrual.is_done(on))
