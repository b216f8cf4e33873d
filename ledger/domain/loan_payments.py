"""From what a payer asks for to the payment that is recorded: how much of an amount is taken, and for what.

Owns: the three kinds by which a borrower pays, the refusals of amounts, and that nothing is ever taken beyond
what the kind has a use for; the rest is left over and never prepaid on the borrower's behalf.
Refuses to know: how a payment is shared out (``servicing``), events, and where the money comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.contract.serving import KIND_OF_SOURCE
from ledger.domain.contract.settling_terms import PaymentSource, SurplusRule
from ledger.domain.loan_record import RecordedPayment
from ledger.domain.loan_state import LoanState
from ledger.domain.plans.replanning import Replan
from ledger.domain.servicing.facts import Instruction, PaymentKind
from ledger.domain.servicing.position import Position
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded

INSTALMENT: Final = "instalment"
PREPAYMENT: Final = "prepayment"
PAYOFF: Final = "payoff"
REPAYMENT_KINDS: Final = (INSTALMENT, PREPAYMENT, PAYOFF)
_INSTRUCTIONS: Final = {
    Replan.SHORTEN_TERM: Instruction.SHORTEN,
    Replan.REDUCE_INSTALMENT: Instruction.REDUCE,
}


class RepaymentKindUnknown(Refusal):
    """A repayment is an instalment, a prepayment or a payoff."""

    code = "LEDGER_REPAYMENT_KIND_UNKNOWN"
    kind = RefusalKind.INVALID


class RepaymentAmountInvalid(Refusal):
    """An amount is a positive whole number of minor units; a prepayment must state one."""

    code = "LEDGER_REPAYMENT_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class NothingDue(Refusal):
    """Nothing is due or overdue on this date."""

    code = "LEDGER_NOTHING_DUE"


class PayoffAmountDiffers(Refusal):
    """A payoff is exactly the quote of the day; an older quote no longer binds."""

    code = "LEDGER_PAYOFF_AMOUNT_DIFFERS"


class PrepaymentTooSmall(Refusal):
    """After what is due and the interest so far, nothing is left to repay principal early."""

    code = "LEDGER_PREPAYMENT_TOO_SMALL"


class PrepaymentModeUnknown(Refusal):
    """A prepayment either shortens the term or reduces the instalment."""

    code = "LEDGER_PREPAYMENT_MODE_UNKNOWN"
    kind = RefusalKind.INVALID


class PrepaymentNotOffered(Refusal):
    """The contract does not plan the rows again in this way; the whole may be repaid at any time."""

    code = "LEDGER_PREPAYMENT_NOT_OFFERED"


@dataclass(frozen=True, kw_only=True)
class Intended:
    """What will be recorded: an amount, the kind of payment and what is to become of money ahead of time."""

    amount_minor: int
    payment: PaymentKind
    instruction: Instruction = Instruction.NONE


@dataclass(frozen=True)
class Repayment:
    """What a repayment did: ``applied_minor`` was taken, ``left_over_minor`` was not needed."""

    payment_id: str
    kind: str
    applied_minor: int
    left_over_minor: int
    fee_minor: int
    parts: tuple[InstalmentBuckets, ...]
    is_settled: bool


def intended(
    state: LoanState,
    position: Position,
    *,
    kind: str,
    amount_minor: int | None,
    source: str,
    mode: str | None,
) -> Intended:
    """Return the payment to record, by the position of its value date.

    Refuses RepaymentKindUnknown, RepaymentAmountInvalid, PrepaymentModeUnknown, NothingDue,
    PayoffAmountDiffers, PrepaymentTooSmall, PrepaymentNotOffered.
    """
    _require_sound(kind, amount_minor, mode)
    replan = Replan(mode) if mode else state.servicing_terms.early_mode
    if kind == PAYOFF:
        return _payoff(position, amount_minor)
    if kind == PREPAYMENT:
        if amount_minor is None:
            raise RepaymentAmountInvalid("A prepayment states its amount.", field="amount")
        return _prepayment(state, position, amount_minor, replan, PaymentKind.EARLY)
    payment = KIND_OF_SOURCE.get(PaymentSource(source), PaymentKind.INSTALMENT)
    return _instalment(state, position, amount_minor, replan, payment)


def carried_out(
    used: RecordedPayment, *, asked_minor: int | None, numbers: dict[str, int], is_settled: bool
) -> Repayment:
    """Return what the payer is told: how the payment was used, and what of the amount was not taken."""
    given: dict[int, InstalmentBuckets] = {}
    for share in used.shares:
        number = numbers.get(share.row, share.number)
        so_far = given.get(number, InstalmentBuckets(number=number))
        given[number] = so_far.plus_all(share.given)
    return Repayment(
        payment_id=used.id,
        kind=_kind_of(used),
        applied_minor=used.amount_minor,
        left_over_minor=max(0, (asked_minor or 0) - used.amount_minor),
        fee_minor=used.early_fee_minor,
        parts=tuple(given[number] for number in sorted(given)),
        is_settled=is_settled,
    )


def _kind_of(used: RecordedPayment) -> str:
    """Return the kind by what a payment was taken for and what it did: a surplus may have prepaid."""
    if PaymentKind.PAYOFF in (used.kind, used.did):
        return PAYOFF
    did_early = used.did in (Replan.SHORTEN_TERM, Replan.REDUCE_INSTALMENT)
    return PREPAYMENT if did_early or used.kind == PaymentKind.EARLY else INSTALMENT


def due_minor(position: Position) -> int:
    """Return everything due on or before the day of a position."""
    return position.due.total_minor


def _require_sound(kind: str, amount_minor: int | None, mode: str | None) -> None:
    if kind not in REPAYMENT_KINDS:
        raise RepaymentKindUnknown(
            "The repayment kind is not known.", field="kind", known=list(REPAYMENT_KINDS)
        )
    if amount_minor is not None and (type(amount_minor) is not int or amount_minor < 1):
        raise RepaymentAmountInvalid("A repayment is a positive amount.", field="amount")
    modes = [offered.value for offered in Replan]
    if mode is not None and mode not in modes:
        raise PrepaymentModeUnknown("The prepayment mode is not known.", field="mode", known=modes)


def _instalment(
    state: LoanState, position: Position, amount_minor: int | None, replan: Replan, payment: PaymentKind
) -> Intended:
    due = due_minor(position)
    reachable = _payoff_minor(position) if state.contract.is_revolving else due
    amount = due if amount_minor is None else amount_minor
    if amount == 0 or reachable == 0:
        raise NothingDue("Nothing is due on this date.", field="kind", on=position.on.isoformat())
    if amount > reachable and _prepays_surplus(state, position):
        try:
            return _prepayment(state, position, amount, replan, payment)
        except PrepaymentTooSmall:
            pass
    return Intended(amount_minor=min(amount, reachable), payment=payment)


def _prepays_surplus(state: LoanState, position: Position) -> bool:
    conventions = state.conventions
    if conventions is None or state.contract.is_revolving:
        return False
    agreed = conventions.allocation.surplus is SurplusRule.PREPAYS and bool(conventions.early.modes)
    return agreed and bool(position.life.rows_to_come(position.on)) and not _in_grace(state, position)


def _payoff(position: Position, amount_minor: int | None) -> Intended:
    total = _payoff_minor(position)
    if amount_minor not in (None, total):
        raise PayoffAmountDiffers(
            "A payoff takes exactly the quote of the day.",
            field="amount",
            on=position.on.isoformat(),
            quote_minor=total,
        )
    return Intended(amount_minor=total, payment=PaymentKind.PAYOFF)


def _prepayment(
    state: LoanState, position: Position, amount_minor: int, replan: Replan, payment: PaymentKind
) -> Intended:
    """Take part of what is to come; an amount that reaches the payoff is one, and its surplus is left over."""
    total = _payoff_minor(position)
    if amount_minor >= total:
        return Intended(amount_minor=total, payment=PaymentKind.PAYOFF)
    if state.contract.is_revolving:
        return Intended(amount_minor=amount_minor, payment=payment)
    quote = position.payoff
    assert quote is not None
    reached = total - quote.principal_to_come_minor - quote.fee_minor
    fee_e8 = state.contract.early_fee_e8
    principal = divide_rounded(
        numerator=max(0, amount_minor - reached) * RATE_UNIT, denominator=RATE_UNIT + fee_e8
    )
    if min(principal, quote.principal_to_come_minor - 1) < 1:
        raise PrepaymentTooSmall(
            "The amount does not reach any principal that is not yet due.", field="amount", due_minor=reached
        )
    _require_offered(state, position, replan)
    return Intended(amount_minor=amount_minor, payment=payment, instruction=_INSTRUCTIONS[replan])


def _require_offered(state: LoanState, position: Position, replan: Replan) -> None:
    """Refuse a partial prepayment after which the contract has no plan."""
    conventions = state.conventions
    if conventions is None:
        return
    in_grace = _in_grace(state, position)
    if replan not in conventions.early.modes or in_grace:
        raise PrepaymentNotOffered(
            "The contract has no plan after such a prepayment; the whole may be repaid at any time.",
            field="mode",
            offered=[] if in_grace else [mode.value for mode in conventions.early.modes],
        )


def _in_grace(state: LoanState, position: Position) -> bool:
    conventions, to_come = state.conventions, position.life.rows_to_come(position.on)
    return conventions is not None and to_come[0].number <= conventions.repayment.grace_rows


def _payoff_minor(position: Position) -> int:
    return position.payoff.total_minor if position.payoff is not None else 0
