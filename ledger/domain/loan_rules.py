"""What a loan refuses of a fact because of what is known: dates, and amounts beyond what they are about.

Owns: the comparison of a fact with the position before it and the one it leads to.
Refuses to know: states (``loan_chart``), payments by borrowers (``loan_payments``), and who may decide.
A fact that was accepted stays, whatever arrives later; so these rules are asked once, on the open date.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.domain.loan_record import FactKind, RecordedFact
from ledger.domain.loan_sale import require_by_sale
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.servicing.position import Position
from ledger.kernel.refusals import Refusal, RefusalKind


class PrincipalNotPositive(Refusal):
    """A loan has a principal of at least one minor unit."""

    code = "LEDGER_PRINCIPAL_NOT_POSITIVE"
    kind = RefusalKind.INVALID


class DisbursementNotInFull(Refusal):
    """The amount paid out is not the principal; nothing may be withheld from it (Civil Code art. 670)."""

    code = "LEDGER_DISBURSEMENT_NOT_IN_FULL"
    kind = RefusalKind.INVALID


class ValueDateAhead(Refusal):
    """Nothing has happened after the open business date."""

    code = "LEDGER_VALUE_DATE_AHEAD"
    kind = RefusalKind.INVALID


class ValueDateBeforePayout(Refusal):
    """Nothing happens to a loan before it was paid out, and nothing ends it before its last part was."""

    code = "LEDGER_VALUE_DATE_BEFORE_PAYOUT"
    kind = RefusalKind.INVALID


class RefundAboveOverpayment(Refusal):
    """No more is refunded than was overpaid."""

    code = "LEDGER_REFUND_ABOVE_OVERPAYMENT"


class WaiverAboveOwed(Refusal):
    """No more is waived than is owed of it; cash that was received is never waived."""

    code = "LEDGER_WAIVER_ABOVE_OWED"


class ChargebackAbovePayment(Refusal):
    """A payer's bank takes back no more than was paid."""

    code = "LEDGER_CHARGEBACK_ABOVE_PAYMENT"


class RateAboveCeiling(Refusal):
    """The rate is above the ceiling the loan was agreed under."""

    code = "LEDGER_RATE_ABOVE_AGREED_CEILING"
    kind = RefusalKind.INVALID


class NonAccrualUnchanged(Refusal):
    """Interest is income already, or is not."""

    code = "LEDGER_NON_ACCRUAL_UNCHANGED"


class ArrearsNotCleared(Refusal):
    """Interest is income again only when nothing is overdue."""

    code = "LEDGER_ARREARS_NOT_CLEARED"


_WAIVERS = (
    FactKind.INTEREST_WAIVED,
    FactKind.PENALTY_WAIVED,
    FactKind.CHARGE_WAIVED,
    FactKind.CHARGE_ADJUSTED,
)
_CREDIT: Final = PaymentKind.GOODWILL_CREDIT.value
_ENDING = (FactKind.CHARGED_OFF, FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT)


def require_principal(principal_minor: int) -> None:
    """Refuse anything but a positive whole number of minor units."""
    if type(principal_minor) is not int or principal_minor < 1:
        raise PrincipalNotPositive("A loan has a principal of at least one minor unit.", field="principal")


def require_paid_in_full(*, principal_minor: int, paid_minor: int | None) -> None:
    """Refuse a payout net of interest or fees, or above the principal."""
    if paid_minor not in (None, principal_minor):
        raise DisbursementNotInFull(
            "The whole principal is paid out, no less and no more.",
            field="paid_minor",
            principal_minor=principal_minor,
        )


def require_value_date(state: LoanState, *, value_date: date, open_date: date) -> None:
    """Refuse a value date after the open date or before the payout."""
    if value_date > open_date:
        raise ValueDateAhead(
            "A value date lies on or before the open business date.",
            field="value_date",
            open_date=open_date.isoformat(),
        )
    if state.disbursed_on is not None and value_date < state.disbursed_on:
        raise ValueDateBeforePayout(
            "A value date lies on or after the day of the payout.",
            field="value_date",
            disbursed_on=state.disbursed_on.isoformat(),
        )


def require_sound(state: LoanState, fact: RecordedFact, *, before: Position, after: Position) -> None:
    """Refuse a fact that asks for more than there is.

    Refuses RefundAboveOverpayment, WaiverAboveOwed, ChargebackAbovePayment, RateAboveCeiling,
    NonAccrualUnchanged, ArrearsNotCleared, ValueDateBeforePayout, and what ``require_by_sale`` refuses.
    """
    require_by_sale(state, fact, before=before)
    if fact.kind in _ENDING:
        _require_paid_out_before(state, fact)
    if fact.kind is FactKind.REFUNDED and fact.amount_minor > before.overpaid_minor:
        raise RefundAboveOverpayment(
            "No more is refunded than was overpaid.", field="amount", overpaid_minor=before.overpaid_minor
        )
    if fact.kind in _WAIVERS:
        _require_found(fact, after)
    if fact.kind is FactKind.CHARGEBACK:
        _require_received(state, fact)
    if fact.kind in (FactKind.RATE_CHANGED, FactKind.PLAN_CHANGED):
        _require_under_ceiling(state, fact)
    if fact.kind in (FactKind.NON_ACCRUAL_STARTED, FactKind.NON_ACCRUAL_ENDED):
        _require_change_of_accrual(fact, before)


def _require_paid_out_before(state: LoanState, fact: RecordedFact) -> None:
    """Refuse to end a claim before a part of it was lent: that part would be lent on a loan that is off the books."""
    undone = {known.details["of"] for _, known in state.facts if known.kind is FactKind.DISBURSEMENT_REVERSED}
    paid_out = [
        known.value_date
        for _, known in state.facts
        if known.kind is FactKind.DISBURSED and known.id not in undone
    ]
    if fact.value_date < max(paid_out, default=fact.value_date):
        raise ValueDateBeforePayout(
            "A part was paid out after that day.", field="value_date", paid_out_on=max(paid_out).isoformat()
        )


def _require_found(fact: RecordedFact, after: Position) -> None:
    waived = next((one for one in after.waivers if one.id == fact.id), None)
    if waived is not None and (waived.waived_minor < waived.asked_minor or waived.waived_minor == 0):
        raise WaiverAboveOwed(
            "No more is waived than is owed of it.", field="amount", owed_minor=waived.waived_minor
        )


def _require_received(state: LoanState, fact: RecordedFact) -> None:
    """Refuse more than is left of a payment: nothing of one that bounced, came back in full, or was no money.

    What the lender credited itself is taken back by reversing it; no bank ever brought it.
    """
    of = str(fact.details["of"])
    payment = state.fact(of)
    undone = {known.details["of"] for _, known in state.facts if known.kind is FactKind.PAYMENT_REVERSED}
    taken_back = sum(
        known.amount_minor
        for _, known in state.facts
        if known.kind is FactKind.CHARGEBACK and known.details["of"] == of and known.id not in undone
    )
    brought = payment.amount_minor if payment and payment.details.get("payment") != _CREDIT else 0
    most = brought - taken_back if of not in undone else 0
    if fact.amount_minor > most:
        raise ChargebackAbovePayment(
            "No more is taken back than was paid.", field="amount", remaining_minor=most
        )


def _require_under_ceiling(state: LoanState, fact: RecordedFact) -> None:
    planned = fact.plan.annual_rate_e8 if fact.plan is not None else 0
    ceiling, rate = state.contract.ceiling_e8, int(fact.details.get("rate_e8") or planned)
    if ceiling and rate > ceiling:
        raise RateAboveCeiling("The rate is above the ceiling of the loan.", field="rate", ceiling_e8=ceiling)


def _require_change_of_accrual(fact: RecordedFact, before: Position) -> None:
    stops = fact.kind is FactKind.NON_ACCRUAL_STARTED
    if stops == (before.non_accrual_since is not None):
        raise NonAccrualUnchanged("Interest is treated that way already.", field="kind")
    if not stops and before.days_past_due:
        raise ArrearsNotCleared(
            "Something is still overdue.", field="kind", days_past_due=before.days_past_due
        )
