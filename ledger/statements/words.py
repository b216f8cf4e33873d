"""What a movement was, in words that a borrower reads.

Owns: one sentence per kind of fact and direction. Refuses to know: amounts and layouts.
A fact that has no words here has those of the list of events.
"""

from __future__ import annotations

from typing import Final

from config.admin.event_words import event_words
from config.admin.formatting import words
from ledger.statements.accrued import TOPIC
from ledger.statements.sheets import SETTLEMENT, Line

# By topic: what brings money to an account or adds to a debt, and what takes from either.
_HELD: Final = {
    "loan.disbursed": ("Loan paid out", "Loan passed on to the bank account"),
    "loan.payment_received": ("Repayment given back", "Loan repayment"),
    "loan.payment_reversed": ("Repayment given back", "Loan repayment"),
    "settlement.received": ("Money received", "Money received, taken back"),
    "settlement.withdrawn": ("Payment to the bank account returned", "Paid to the bank account"),
    "settlement.deducted": (
        "Received from a linked account for a loan",
        "Debited for the loan of a linked account",
    ),
}
_OWED: Final = {
    "loan.disbursed": ("Loan paid out", "Payout returned"),
    "loan.payment_received": ("Interest to the day, charged with a payment", "Payment"),
    "loan.payment_reversed": ("Payment reversed", "Charges of a payment taken back"),
    "loan.aged": ("Penalty since the due date", "Penalty or interest taken back"),
}
# Kinds of payments that say more than that it was one.
_KINDS: Final = {"early": "prepayment", "payoff": "payoff"}


def words_of(line: Line, *, sheet_kind: str) -> str:
    """Return what happened."""
    if line.topic == TOPIC and line.first_day is not None:
        return _accrued(line)
    told = (_HELD if sheet_kind == SETTLEMENT else _OWED).get(line.topic)
    if told is None:
        kind = f", {words(line.kind)}" if line.kind else ""
        return event_words(line.topic) + kind
    text = told[line.amount_minor < 0]
    return f"{text}, {_KINDS[line.kind]}" if line.kind in _KINDS and line.amount_minor < 0 else text


def _accrued(line: Line) -> str:
    _, interest, penalty, *_ = line.parts
    name = "Interest and penalty" if interest and penalty else "Penalty" if penalty else "Interest"
    assert line.first_day is not None
    days = (line.posting_date - line.first_day).days + 1
    return f"{name}, {days} day{'s' if days > 1 else ''} from {line.first_day}"
