"""Which accounts the events of a settlement account debit and credit.

Owns: the postings of money that arrives (P-09), leaves, or pays a linked account's loan (P-12), and of its
way back (P-13). Refuses to know: the loan that is paid. A debit for an own loan is posted by the loan's
event (P-10), and so is a credit from it.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.domain import chart_of_accounts as chart
from ledger.domain.chart_of_accounts import Side
from ledger.domain.settlement_account_events import (
    MoneyMoved,
    SettlementDeducted,
    SettlementDeductionReturned,
    SettlementReceiptReturned,
    SettlementReceived,
    SettlementWithdrawn,
)
from ledger.postings import Leg, no_posting, register_posting, transfer


@register_posting("settlement.received")
def post_settlement_received(event: SettlementReceived) -> tuple[Leg, ...]:
    """Owe the borrower what arrived in the bank (P-09)."""
    return _moved(event, chart.CASH_BANK, chart.BORROWER_SETTLEMENT)


@register_posting("settlement.receipt_returned")
def post_settlement_receipt_returned(event: SettlementReceiptReturned) -> tuple[Leg, ...]:
    """Owe the borrower less by what the bank took back (P-13)."""
    return _moved(event, chart.BORROWER_SETTLEMENT, chart.CASH_BANK)


@register_posting("settlement.withdrawn")
def post_settlement_withdrawn(event: SettlementWithdrawn) -> tuple[Leg, ...]:
    """Owe the borrower less by what left the bank."""
    return _moved(event, chart.BORROWER_SETTLEMENT, chart.CASH_BANK)


@register_posting("settlement.deducted")
def post_settlement_deducted(event: SettlementDeducted) -> tuple[Leg, ...]:
    """Move what is owed from the paying account to the loan's account (P-12)."""
    own, of_loan = _both_accounts(event)
    return own, replace(of_loan, side=Side.CREDIT.value)


@register_posting("settlement.deduction_returned")
def post_settlement_deduction_returned(event: SettlementDeductionReturned) -> tuple[Leg, ...]:
    """Move what is owed from the loan's account back to the one that had paid (P-13)."""
    own, of_loan = _both_accounts(event)
    return of_loan, replace(own, side=Side.CREDIT.value)


no_posting(
    "settlement.opened",
    "settlement.debited",
    "settlement.credited",
    "settlement.withdrawal_requested",
    "settlement.withdrawal_failed",
    "settlement.reserved",
    "settlement.released",
)


def _both_accounts(event: SettlementDeducted | SettlementDeductionReturned) -> tuple[Leg, Leg]:
    """Return a debit of this account and one of the loan's account; the caller turns one of them round."""
    debit, _ = _moved(event, chart.BORROWER_SETTLEMENT, chart.BORROWER_SETTLEMENT)
    own = replace(debit, loan_id=event.loan_id)
    return own, replace(own, settlement_account_id=event.loan_account_id)


def _moved(event: MoneyMoved, debit: str, credit: str) -> tuple[Leg, Leg]:
    return transfer(
        debit,
        credit,
        event.amount_minor,
        currency=event.currency,
        entity_id=event.entity_id,
        settlement_account_id=event.account_id,
    )
