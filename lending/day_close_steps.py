"""Lending's part of the day close: the last automatic debit of a date.

Owns: that the day close makes it. Refuses to know: which loans are debited (``automatic_debit``).
"""

from __future__ import annotations

from datetime import date

from ledger.day_close import day_close_step
from lending.automatic_debit import STEP, try_shard
from lending.policies.debit_plan import debit_plan_on


@day_close_step(10, "automatic debit", key=STEP)
def debit_due_amounts(shard: int, day: date) -> int:
    """Take what is due from each loan's own account, oldest due date first."""
    return try_shard(shard=shard, day=day, attempt=debit_plan_on(day).closing_attempt)
