"""A loan that is paid out in parts: a further part is called, answered by the bank, or never called.

Owns: these commands; the rules are ``loan_parts``. Refuses to know: the first part, which pays out every loan
(``loan_account``), and the credit line.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.loan_chart import LoanIsOverdue
from ledger.domain.loan_events import LoanPartCalled, LoanPartFailed, LoanRestEnded
from ledger.domain.loan_ground import LoanGround
from ledger.domain.loan_parts import RestEnds, require_callable, require_rest, require_under_way
from ledger.domain.loan_record import FactKind, RecordedFact, recorded
from ledger.domain.loan_rules import require_paid_in_full
from ledger.domain.servicing.disbursing import require_plan_for_part


class LoanInParts(LoanGround):
    """The commands about what is still to be paid out."""

    def call_part(self, *, effective_date: date, part_id: str, amount_minor: int) -> None:
        """Ask for a further part of a loan that is paid out in parts.

        Refuses PartUnderWay, PaidInOneSum, AvailabilityEnded, PartAboveRest, LoanIsOverdue, FactRepeated, wrong
        states, and what its plan would refuse.
        """
        self._permit("call_part", effective_date)
        require_callable(self.state.parts, amount_minor=amount_minor, on=effective_date)
        self._require_new(part_id)
        before = self.position(effective_date)
        if before.days_past_due:
            raise LoanIsOverdue("The loan is overdue.", days_past_due=before.days_past_due)
        # What could not be planned must not be paid out: today, nor when the bank is slow.
        require_plan_for_part(before.life, name=part_id)
        self._derived_with(paid_out_of(part_id, on=effective_date, asked_minor=amount_minor), effective_date)
        self._age(effective_date, before)
        self._record((LoanPartCalled, {"part_id": part_id, "amount_minor": amount_minor}), effective_date)

    def confirm_part(
        self, *, effective_date: date, part_id: str, bank_reference: str, paid_minor: int | None = None
    ) -> None:
        """Book a further part and plan again. Refuses PartNotUnderWay, DisbursementNotInFull and wrong states.

        The money is out: a part is taken whatever has become of the loan since it was called.
        """
        self._permit("confirm_part", effective_date)
        parts = require_under_way(self.state.parts, part_id=part_id)
        fact = paid_out_of(
            part_id,
            on=effective_date,
            asked_minor=parts.under_way_minor,
            paid_minor=paid_minor,
            reference=bank_reference,
        )
        after = self._derived_with(fact, effective_date)
        self._age_if_running(effective_date)
        self._take(fact, effective_date, after)
        self._end_rest(effective_date)

    def fail_part(self, *, effective_date: date, part_id: str, reason: str) -> None:
        """Give a part that the bank did not pay back to what may be called. Refuses PartNotUnderWay, wrong states."""
        self._permit("fail_part", effective_date)
        parts = require_under_way(self.state.parts, part_id=part_id)
        payload = {"part_id": part_id, "amount_minor": parts.under_way_minor, "reason": reason}
        self._record((LoanPartFailed, payload), effective_date)
        # Only now: a rest that can be called again is one more thing that the loan wakes for.
        self._age_if_running(effective_date)
        self._end_rest(effective_date)

    def give_up_rest(self, *, effective_date: date) -> None:
        """Call nothing more; a part under way is still paid. Refuses PaidInOneSum and wrong states."""
        self._permit("give_up_rest", effective_date)
        rest = require_rest(self.state.parts).rest_minor
        self._age(effective_date)
        if self.state.parts and self.state.parts.rest_minor:
            payload = {"amount_minor": rest, "cause": RestEnds.GIVEN_UP}
            self._record((LoanRestEnded, payload), effective_date)


def paid_out_of(
    name: str, *, on: date, asked_minor: int, paid_minor: int | None = None, reference: str = ""
) -> RecordedFact:
    """Return the fact of a payout that was asked for. Refuses DisbursementNotInFull."""
    require_paid_in_full(principal_minor=asked_minor, paid_minor=paid_minor)
    return recorded(
        FactKind.DISBURSED, fact_id=name, value_date=on, reason=reference, amount_minor=asked_minor
    )
