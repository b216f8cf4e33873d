"""The conventions one loan keeps for life: what a later product version never changes.

Owns: the record, and the batches that were agreed for this loan alone.
Refuses to know: the product and its other versions. A loan on the plainest terms has no such record; its
core terms say everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.repayment_terms import RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms
from ledger.domain.plans.choices import Batch


@dataclass(frozen=True, kw_only=True)
class LoanConventions:
    """How one loan is repaid, what arrears cost, and how payments are used."""

    repayment: RepaymentTerms
    arrears: ArrearsTerms
    allocation: AllocationTerms
    early: EarlyTerms
    batches: tuple[Batch, ...] = ()

    def batches_after(self, start: date) -> tuple[Batch, ...]:
        """Return the batches as they fall due after the payout.

        A batch whose date went by while the bank was slow falls due the day after the payout.
        """
        due: dict[date, int] = {}
        for batch in self.batches:
            on = max(batch.on, start + timedelta(days=1))
            due[on] = due.get(on, 0) + batch.principal_minor
        return tuple(Batch(on, principal) for on, principal in due.items())
