"""Loans, their repayment plans and their accruals as rows.

Owns: the tables loan, instalment, accrual_segment and repayment. Refuses to know: any rule; each
statement copies what the event says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.domain import loan_events as facts
from ledger.domain.accrual import Accrual
from ledger.domain.accrual_run import bucket_number
from ledger.domain.accrual_steps import whole_steps
from ledger.domain.schedule import Instalment
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update
from ledger.eventstore.shards import shard_of

projection_table("loan", key=("id",))
projection_table("instalment", key=("loan_id", "schedule_version", "number"))
projection_table("accrual_segment", key=("loan_id", "key", "started_on"))
projection_table("repayment", key=("loan_id", "sequence"))

SEGMENT = (
    "INSERT INTO accrual_segment (loan_id, key, started_on, shard, kind, product_code, currency, ends_on,"
    " accrue_from, per_day_numerator, denominator, carry_numerator, begun_at, day_step, unit,"
    " bucket)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (loan_id, key, started_on) DO UPDATE SET ends_on = excluded.ends_on,"
    " accrue_from = excluded.accrue_from, per_day_numerator = excluded.per_day_numerator,"
    " denominator = excluded.denominator, carry_numerator = excluded.carry_numerator,"
    " begun_at = excluded.begun_at, day_step = excluded.day_step, unit = excluded.unit"
)
CLOSE_EARLIER_SEGMENTS = (
    "UPDATE accrual_segment SET ends_on = %s"
    " WHERE loan_id = %s AND key = %s AND started_on < %s AND (ends_on IS NULL OR ends_on > %s)"
)
STOP_SEGMENTS = (
    "UPDATE accrual_segment SET ends_on = greatest(started_on, %s)"
    " WHERE loan_id = %s AND kind = ANY (%s) AND (ends_on IS NULL OR ends_on > %s)"
)
NEXT_DUE = (
    "UPDATE loan SET next_due_on = (SELECT min(due_on) FROM instalment"
    " WHERE loan_id = %s AND superseded_by IS NULL AND paid_on IS NULL) WHERE id = %s"
)
PAY_ROW = (
    "UPDATE instalment SET paid_fee_minor = paid_fee_minor + %s, paid_penalty_minor = paid_penalty_minor + %s,"
    " paid_compound_minor = paid_compound_minor + %s, paid_interest_minor = paid_interest_minor + %s,"
    " paid_principal_minor = paid_principal_minor + %s, paid_on = coalesce(%s::date, paid_on)"
    " WHERE loan_id = %s AND number = %s AND superseded_by IS NULL"
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
    )


@projects("loan.disbursed")
def disbursed(event: facts.LoanDisbursed) -> Iterable[Statement]:
    """Add the plan and start the accruals."""
    yield update(
        "loan",
        where={"id": event.originator_id},
        status="active",
        disbursed_on=event.effective_date,
        maturity_on=event.maturity_date,
        outstanding_minor=event.principal_minor,
        schedule_version=event.schedule_version,
        next_due_on=next(row.due_on for row in event.rows if row.total_minor),
    )
    yield from _plan_rows(event, event.schedule_version, event.rows)
    yield from _segments(event, event.accruals)


@projects("loan.disbursement_failed")
def disbursement_failed(event: facts.LoanDisbursementFailed) -> Iterable[Statement]:
    """Mark the loan as cancelled."""
    yield update("loan", where={"id": event.originator_id}, status="cancelled")


@projects("loan.overdue")
def overdue(event: facts.LoanOverdue) -> Iterable[Statement]:
    """Mark the instalment, and the loan since its oldest unpaid due date."""
    yield Statement(
        "UPDATE loan SET status = 'overdue', overdue_since = least(coalesce(overdue_since, %s), %s) WHERE id = %s",
        (event.due_on, event.due_on, event.originator_id),
    )
    yield _mark_row(event, overdue_since=event.due_on)


@projects("loan.penalty_started")
def penalty_started(event: facts.LoanPenaltyStarted) -> Iterable[Statement]:
    """Mark the instalment and start its penalty accruals."""
    yield _mark_row(event, penalised_on=event.effective_date)
    yield from _segments(event, event.accruals)


@projects("loan.compound_raised")
def compound_raised(event: facts.LoanCompoundRaised) -> Iterable[Statement]:
    """Start the raised accrual."""
    yield from _segments(event, event.accruals)


@projects("loan.repaid")
def repaid(event: facts.LoanRepaid) -> Iterable[Statement]:
    """Record the payment, lower what is open, and change the accruals it changed."""
    yield insert(
        "repayment",
        loan_id=event.originator_id,
        sequence=event.originator_version,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        effective_date=event.effective_date,
        kind=event.kind,
        reason=event.reason,
        source_account_id=event.source_account_id,
        currency=event.currency,
        amount_minor=event.amount_minor,
        fee_minor=event.fee_minor + sum(part.fee_minor for part in event.parts),
        penalty_minor=sum(part.penalty_minor for part in event.parts),
        compound_minor=sum(part.compound_minor for part in event.parts),
        interest_minor=sum(part.interest_minor for part in event.parts),
        principal_minor=sum(part.principal_minor for part in event.parts),
    )
    yield from (_pay_row(event, part) for part in event.parts)
    yield update(
        "loan", where={"id": event.originator_id}, outstanding_minor=event.principal_outstanding_minor
    )
    yield from _segments(event, event.accruals)
    yield Statement(NEXT_DUE, (event.originator_id, event.originator_id))


@projects("loan.rescheduled")
def rescheduled(event: facts.LoanRescheduled) -> Iterable[Statement]:
    """Put a new version of the plan in place of the rows that are still to come."""
    yield Statement(
        "UPDATE instalment SET superseded_by = %s WHERE loan_id = %s AND number >= %s AND superseded_by IS NULL",
        (event.schedule_version, event.originator_id, event.rows[0].number),
    )
    yield from _plan_rows(event, event.schedule_version, event.rows)
    yield update(
        "loan",
        where={"id": event.originator_id},
        schedule_version=event.schedule_version,
        maturity_on=event.maturity_date,
    )
    yield Statement(
        STOP_SEGMENTS, (event.effective_date, event.originator_id, ["interest"], event.effective_date)
    )
    yield from _segments(event, event.accruals)
    yield Statement(NEXT_DUE, (event.originator_id, event.originator_id))


@projects("loan.cured")
def cured(event: facts.LoanCured) -> Iterable[Statement]:
    """Mark the loan as current again."""
    yield update("loan", where={"id": event.originator_id}, status="active", overdue_since=None)


@projects("loan.settled")
def settled(event: facts.LoanSettled) -> Iterable[Statement]:
    """Mark the loan as paid; nothing is due any more."""
    yield update(
        "loan",
        where={"id": event.originator_id},
        status="settled",
        settled_on=event.effective_date,
        overdue_since=None,
        next_due_on=None,
    )
    kinds = ["interest", "penalty", "compound"]
    yield Statement(STOP_SEGMENTS, (event.effective_date, event.originator_id, kinds, event.effective_date))


def _plan_rows(event: facts.LoanFact, version: int, rows: tuple[Instalment, ...]) -> Iterator[Statement]:
    for row in rows:
        yield insert(
            "instalment",
            loan_id=event.originator_id,
            schedule_version=version,
            number=row.number,
            shard=shard_of(event.originator_id),
            period_start=row.starts_on,
            due_on=row.due_on,
            principal_minor=row.principal_minor,
            interest_minor=row.interest_minor,
            opening_minor=row.opening_minor,
            paid_principal_minor=0,
            paid_interest_minor=0,
            paid_penalty_minor=0,
            paid_compound_minor=0,
            paid_fee_minor=0,
            # A row without anything to pay, as in a grace period, waits for no payment.
            paid_on=None if row.total_minor else row.due_on,
        )


def _segments(event: facts.LoanFact, accruals: tuple[Accrual, ...]) -> Iterator[Statement]:
    loan_id = event.originator_id
    for accrual in accruals:
        start = accrual.started_on
        yield Statement(CLOSE_EARLIER_SEGMENTS, (start, loan_id, accrual.key, start, start))
        yield Statement(
            SEGMENT,
            (
                loan_id,
                accrual.key,
                start,
                shard_of(loan_id),
                accrual.kind,
                event.product_code,
                event.currency,
                accrual.ends_on,
                accrual.accrue_from,
                accrual.per_day_numerator,
                accrual.denominator,
                accrual.carry_numerator,
                *_steps(accrual),
                bucket_number(product_code=event.product_code, currency=event.currency, kind=accrual.kind),
            ),
        )


def _steps(accrual: Accrual) -> tuple[int | None, int | None, int | None]:
    steps = whole_steps(accrual)
    return (steps.begun_at, steps.day_step, steps.unit) if steps else (None, None, None)


def _pay_row(event: facts.LoanRepaid, part: Any) -> Statement:
    amounts = (
        part.fee_minor,
        part.penalty_minor,
        part.compound_minor,
        part.interest_minor,
        part.principal_minor,
    )
    paid_on = event.effective_date if part.number in event.settled_numbers else None
    return Statement(PAY_ROW, (*amounts, paid_on, event.originator_id, part.number))


def _mark_row(event: Any, **values: Any) -> Statement:
    changes = ", ".join(f"{column} = %s" for column in values)
    return Statement(
        f"UPDATE instalment SET {changes} WHERE loan_id = %s AND number = %s AND superseded_by IS NULL",  # noqa: S608
        (*values.values(), event.originator_id, event.number),
    )
