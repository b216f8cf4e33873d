"""What becomes of a request to repay, by what the reference knows: a refusal, or how much is taken and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.reference.arithmetic import half_up
from tests.reference.early import Payoff
from tests.reference.facts import Fact, Refused
from tests.reference.position import Position
from tests.twice.contracts import CONTRACTS
from tests.twice.expecting import BY_REASON, refused_by_date, refused_for_money, refused_in_state
from tests.twice.known import KnownLoan

INSTRUCTIONS = {"shorten_term": "shorten", "reduce_instalment": "reduce", None: "none"}
NOTHING = Payoff(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Asked:
    """A request to repay by a value date; without an amount the usual one is meant."""

    kind: str
    amount: int | None
    mode: str | None
    on: date


class NotTaken(Exception):
    """A request is refused; the message is the code."""


def intended(loan: KnownLoan, asked: Asked, *, today: date, available: int) -> Fact:
    """Return the payment that will be recorded. Raises NotTaken."""
    before = loan.on(today)
    _refuse(refused_in_state(before.status, "repay") or refused_by_date(loan, asked.on, today))
    _refuse(_unsound(asked))
    amount, payment, mode = _meant(loan, asked, loan.on(asked.on, known_on=today))
    says = {"amount": amount, "payment": payment, "instruction": INSTRUCTIONS[mode]}
    fact = loan.fact("payment", asked.on, says)
    try:
        after = loan.on(today, fact)
    except Refused as refused:
        raise NotTaken(BY_REASON[refused.reason]) from refused
    _refuse(refused_for_money(before, after, available))
    return fact


def due_on(position: Position) -> int:
    """Return everything due by the day of a position."""
    return sum(sum(row.unpaid.values()) for row in position.rows if row.due_on <= position.on)


def _refuse(code: str | None) -> None:
    if code:
        raise NotTaken(code)


def _unsound(asked: Asked) -> str | None:
    if asked.kind not in ("instalment", "prepayment", "payoff"):
        return "LEDGER_REPAYMENT_KIND_UNKNOWN"
    if asked.amount is not None and asked.amount < 1:
        return "LEDGER_REPAYMENT_AMOUNT_INVALID"
    return None if asked.mode in INSTRUCTIONS else "LEDGER_PREPAYMENT_MODE_UNKNOWN"


def _meant(loan: KnownLoan, asked: Asked, then: Position) -> tuple[int, str, str | None]:
    ends = then.payoff or NOTHING
    if asked.kind == "payoff":
        _refuse("LEDGER_PAYOFF_AMOUNT_DIFFERS" if asked.amount not in (None, ends.total) else None)
        return ends.total, "payoff", None
    if asked.kind == "prepayment":
        return _early(loan, asked, ends)
    due = due_on(then)
    reachable = ends.total if loan.terms.is_revolving else due
    amount = due if asked.amount is None else asked.amount
    _refuse("LEDGER_NOTHING_DUE" if amount == 0 or reachable == 0 else None)
    return min(amount, reachable), "instalment", None


def _early(loan: KnownLoan, asked: Asked, ends: Payoff) -> tuple[int, str, str | None]:
    if asked.amount is None:
        raise NotTaken("LEDGER_REPAYMENT_AMOUNT_INVALID")
    if asked.amount >= ends.total:
        return ends.total, "payoff", None
    if loan.terms.is_revolving:
        return asked.amount, "early", None
    reached = ends.total - ends.principal_to_come - ends.fee
    principal = half_up(max(0, asked.amount - reached) / (1 + loan.terms.early_fee))
    _refuse("LEDGER_PREPAYMENT_TOO_SMALL" if min(principal, ends.principal_to_come - 1) < 1 else None)
    modes = CONTRACTS[loan.product].modes
    mode = asked.mode or modes[0]
    _refuse("LEDGER_PREPAYMENT_NOT_OFFERED" if mode not in modes else None)
    return asked.amount, "early", mode
