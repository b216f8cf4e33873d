"""When due amounts are taken from borrowers' accounts, and of which products a part may be taken (F-607).

Owns: the times of the attempts in the lender's zone, and the products without partial debit, by the date from
which a plan is in force. The last attempt of a date has no time: it is the first step of the day close.
Refuses to know: the clock, and which loans are due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Final

ATTEMPTS_MAX: Final = 12


@dataclass(frozen=True, kw_only=True)
class DebitPlan:
    """The attempts of a date, counted from 1; a plan without times leaves the debit to the day close.

    ``takes_part`` is the lender's rule; of the products in ``whole_only`` no part is taken even so.
    """

    version: int
    effective_from: date
    at: tuple[time, ...]
    takes_part: bool = True
    whole_only: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.at) > ATTEMPTS_MAX or any(later <= earlier for earlier, later in pairwise(self.at)):
            raise ValueError("the attempts of a date are few and follow each other")

    def attempt_at(self, clock: time) -> int:
        """Return the number of the last attempt whose time has come; 0 before the first."""
        return sum(planned <= clock for planned in self.at)

    def takes_part_of(self, product_code: str) -> bool:
        """Say whether a debit may take a part of what is due; if not, it takes all or nothing."""
        return self.takes_part and product_code not in self.whole_only

    @property
    def closing_attempt(self) -> int:
        """Return the number of the attempt that the day close makes."""
        return len(self.at) + 1

    def name_of(self, attempt: int) -> str:
        """Return the time of an attempt as people write it, or that it is the day close's."""
        return "day close" if attempt == self.closing_attempt else f"{self.at[attempt - 1]:%H:%M}"


PLANS: Final = (
    DebitPlan(version=1, effective_from=date(2000, 1, 1), at=(time(10, 0), time(16, 0), time(22, 0))),
)


def debit_plan_on(on: date, *, plans: tuple[DebitPlan, ...] = PLANS) -> DebitPlan:
    """Return the plan in force on a business date; raises ValueError before the first one."""
    in_force = [plan for plan in plans if plan.effective_from <= on]
    if not in_force:
        raise ValueError(f"no debit plan is in force on {on}")
    return max(in_force, key=lambda plan: (plan.effective_from, plan.version))
