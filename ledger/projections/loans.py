"""Loans, what they owe row by row, and their payments as rows of tables.

Owns: the tables loan, instalment and repayment. Refuses to know: any rule; each statement copies what the
event says. Rows and payments that a late fact changed are written over; a row that is gone stays, marked with
the version of the plan that took its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.domain import loan_events as facts
from ledger.domain.allocation import Buckets
from ledger.domain.loan_record import RecordedPayment, RecordedRow
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update, upsert
from ledger.eventstore.shards import shard_of

projection_table("loan", key=("id",))
projection_table("instalment", key=("loan_id", "name"))
projection_table("repayment", key=("loan_id", "payment_id"))

SUPERSEDE = "UPDATE instalment SET superseded_by = %s WHERE loan_id = %s AND name = ANY (%s) AND superseded_by IS NULL"
# What was only made of an overpayment disappears with it; a payment that somebody made stays to be seen.
FORGET = "DELETE FROM repayment WHERE loan_id = %s AND payment_id = ANY (%s) AND kind = 'from_overpayment'"
REVERSE = "UPDATE repayment SET reversed_on = %s WHERE loan_id = %s AND payment_id = ANY (%s) AND reversed_on IS NULL"
_RECORDED_ONCE = (
    "sequence",
    "shard",
    "entity_id",
    "effective_date",
    "reason",
    "source_account_id",
    "currency",
)


@projects("loan.requested")
def requested(event: facts.LoanRequested) -> Iterable[Statement]:
    """Add the loan, waiting for the bank."""
    yield insert(
        "loan",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        line_id=event.line_id,
        account_id=event.account_id,
        product_code=event.product_code,
        product_version=event.terms.product_version,
        method=event.terms.method,
        currency=event.currency,
        principal_minor=event.principal_minor,
        outstanding_minor=0,
        status="requested",
        requested_on=event.effective_date,
        schedule_version=0,
        grace_days=event.terms.grace_days,
        overpaid_minor=0,
        category="normal",
    )


@projects("loan.disbursement_failed")
def disbursement_failed(event: facts.LoanDisbursementFailed) -> Iterable[Statement]:
    """Mark the loan as cancelled."""
    yield update("loan", where={"id": event.originator_id}, status="cancelled")


@projects(*facts.FACT_TOPICS)
def fact_recorded(event: facts.LoanFactRecorded) -> Iterable[Statement]:
    """Write down what the fact changed."""
    if event.fact.kind == "disbursed":
        yield Statement(
            "UPDATE loan SET disbursed_on = coalesce(disbursed_on, %s) WHERE id = %s",
            (event.value_date, event.originator_id),
        )
    yield from _moved(event, event.fact.source_account_id, event.fact.reason)


@projects("loan.aged")
def aged(event: facts.LoanAged) -> Iterable[Statement]:
    """Write down what the passing of time changed."""
    yield from _moved(event, "", "")


@projects("loan.taken_over")
def taken_over(event: facts.LoanTakenOver) -> Iterable[Statement]:
    """Write down where the loan stands; its payments came from no account of these books."""
    yield from _moved(event, "", "taken_over")


def _moved(event: facts.LoanMoved, source_account_id: str, reason: str) -> Iterator[Statement]:
    loan_id, standing = event.originator_id, event.standing
    yield update(
        "loan",
        where={"id": loan_id},
        status=event.status.value,
        outstanding_minor=standing.outstanding_minor,
        overpaid_minor=standing.overpaid_minor,
        schedule_version=standing.schedule_version,
        category=standing.category,
        next_due_on=standing.next_due_on,
        overdue_since=standing.overdue_since,
        maturity_on=standing.matures_on,
        non_accrual_since=standing.non_accrual_since,
        charged_off_on=standing.charged_off_on,
        settled_on=standing.settled_on,
        wakes_on=standing.wakes_on,
    )
    if event.rows_gone:
        yield Statement(SUPERSEDE, (standing.schedule_version, loan_id, list(event.rows_gone)))
    if event.rows:
        yield upsert("instalment", [_row(event, row) for row in event.rows], key=("loan_id", "name"))
    if event.payments_gone:
        yield Statement(FORGET, (loan_id, list(event.payments_gone)))
        yield Statement(REVERSE, (event.effective_date, loan_id, list(event.payments_gone)))
    if event.payments:
        given = [_payment(event, payment, source_account_id, reason) for payment in event.payments]
        yield upsert("repayment", given, key=("loan_id", "payment_id"), once=_RECORDED_ONCE)


def _row(event: facts.LoanMoved, row: RecordedRow) -> dict[str, Any]:
    return {
        "loan_id": event.originator_id,
        "name": row.name,
        "kind": row.kind,
        "schedule_version": row.version,
        "number": row.number,
        "shard": shard_of(event.originator_id),
        "period_start": row.starts_on,
        "due_on": row.due_on,
        "opening_minor": row.opening_minor,
        "fee_minor": row.asked.fee_minor,
        "interest_minor": row.asked.interest_minor,
        "principal_minor": row.asked.principal_minor,
        **_by_component("paid_", row.paid),
        **_by_component("waived_", row.waived),
        "overdue_since": row.overdue_since,
        "penalised_on": row.penalised_on,
        "paid_on": row.settled_on,
        "superseded_by": None,
    }


def _payment(
    event: facts.LoanMoved, payment: RecordedPayment, source_account_id: str, reason: str
) -> dict[str, Any]:
    shares = [share.given for share in payment.shares]
    return {
        "loan_id": event.originator_id,
        "payment_id": payment.id,
        "sequence": event.originator_version,
        "shard": shard_of(event.originator_id),
        "entity_id": event.entity_id,
        "effective_date": event.effective_date,
        "value_date": payment.value_date,
        "kind": payment.kind,
        "reason": reason,
        "source_account_id": source_account_id or None,
        "currency": event.currency,
        "amount_minor": payment.amount_minor,
        "fee_minor": payment.early_fee_minor + sum(given.fee_minor for given in shares),
        "penalty_minor": sum(given.penalty_minor for given in shares),
        "compound_minor": sum(given.compound_minor for given in shares),
        "interest_minor": sum(given.interest_minor for given in shares),
        "principal_minor": sum(given.principal_minor for given in shares),
        "surplus_minor": payment.surplus_minor,
        "recovered_minor": payment.recovered_minor,
        "reversed_on": None,
    }


def _by_component(prefix: str, amounts: Buckets) -> dict[str, int]:
    return {f"{prefix}{name}": amount for name, amount in vars(amounts).items()}
