"""The rate of penalty interest.

Owns: the penalty rate and its ceiling (PBoC Yinfa [2003] 251: 30% to 50% above the contract rate).
Refuses to know: grace days, what the rate is charged on, and who is told.

| contract | uplift | ceiling | penalty rate |
| -------- | ------ | ------- | ------------ |
| 14.4%    | 50%    | 24%     | 21.6%        |
| 20%      | 50%    | 24%     | 24%          |
"""

from __future__ import annotations

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded


def penalty_rate_e8(*, contract_rate_e8: int, uplift_e8: int, ceiling_e8: int) -> int:
    """Return the rate on overdue amounts: the contract rate raised by the uplift, never above the ceiling."""
    raised = divide_rounded(numerator=contract_rate_e8 * (RATE_UNIT + uplift_e8), denominator=RATE_UNIT)
    return min(raised, ceiling_e8)
