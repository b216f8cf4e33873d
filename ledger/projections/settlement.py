"""Settlement accounts and receipts as rows.

Owns: the tables settlement_account and receipt. Refuses to know: any rule; each statement copies what
the event says. The check that a balance is not negative is the table's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.domain import settlement_account_events as facts
from ledger.eventstore.processor import REFUSAL_OF_CONSTRAINT
from ledger.eventstore.projecting import Statement, insert, projection_table, projects
from ledger.eventstore.shards import shard_of
from ledger.kernel.refusals import Refusal

projection_table("settlement_account", key=("id",))
projection_table("receipt", key=("channel", "reference"))

MOVE = "UPDATE settlement_account SET balance_minor = balance_minor + %s WHERE id = %s"
RETURN = (
    "UPDATE receipt SET returned_on = %s, returned_minor = returned_minor + %s, return_reference = %s"
    " WHERE channel = %s AND reference = %s"
)
HOLD = "UPDATE settlement_account SET reserved_minor = reserved_minor + %s WHERE id = %s"


class ReceiptAlreadyRecorded(Refusal):
    """Money with this channel and reference has been recorded before; it is never credited twice."""

    code = "LEDGER_RECEIPT_ALREADY_RECORDED"


class ReceiptAlreadyReturned(Refusal):
    """This receipt has been returned before; a channel takes its money back once."""

    code = "LEDGER_RECEIPT_ALREADY_RETURNED"


class ReturnReferenceUsed(Refusal):
    """This channel has returned another receipt under this reference."""

    code = "LEDGER_RETURN_REFERENCE_USED"


REFUSAL_OF_CONSTRAINT["receipt_pkey"] = ReceiptAlreadyRecorded
# The command looks first; this holds whoever writes: no more goes back than arrived.
REFUSAL_OF_CONSTRAINT["receipt_returned_no_more_than_arrived"] = ReceiptAlreadyReturned
REFUSAL_OF_CONSTRAINT["receipt_return_reference_once"] = ReturnReferenceUsed


@projects("settlement.opened")
def opened(event: facts.SettlementOpened) -> Iterable[Statement]:
    """Add the account, empty."""
    yield insert(
        "settlement_account",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        currency=event.currency,
        balance_minor=0,
        reserved_minor=0,
    )


@projects("settlement.received")
def received(event: facts.SettlementReceived) -> Iterable[Statement]:
    """Add the money and remember its reference."""
    yield insert(
        "receipt",
        channel=event.channel,
        reference=event.reference,
        shard=shard_of(event.originator_id),
        account_id=event.originator_id,
        effective_date=event.effective_date,
        currency=event.currency,
        amount_minor=event.amount_minor,
        value_date=event.value_date,
        returned_minor=0,
    )
    yield Statement(MOVE, (event.amount_minor, event.originator_id))


@projects("settlement.receipt_returned")
def receipt_returned(event: facts.SettlementReceiptReturned) -> Iterable[Statement]:
    """Take the money, and remember on its receipt that it went back."""
    yield Statement(
        RETURN,
        (event.effective_date, event.amount_minor, event.reference, event.channel, event.of_reference),
    )
    yield Statement(MOVE, (-event.amount_minor, event.originator_id))


@projects("settlement.credited", "settlement.deduction_returned")
def given_back(event: facts.MoneyMoved) -> Iterable[Statement]:
    """Add the money."""
    yield Statement(MOVE, (event.amount_minor, event.originator_id))


@projects("settlement.debited", "settlement.deducted", "settlement.withdrawn")
def paid_out(event: facts.MoneyMoved) -> Iterable[Statement]:
    """Take the money."""
    yield Statement(MOVE, (-event.amount_minor, event.originator_id))


@projects("settlement.reserved")
def reserved(event: facts.SettlementReserved) -> Iterable[Statement]:
    """Add a hold."""
    yield Statement(HOLD, (event.amount_minor, event.originator_id))


@projects("settlement.released")
def released(event: facts.SettlementReleased) -> Iterable[Statement]:
    """Drop a hold."""
    yield Statement(HOLD, (-event.amount_minor, event.originator_id))
