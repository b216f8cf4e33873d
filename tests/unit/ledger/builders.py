"""Loans in a given condition, for tests: everything not named is ordinary.

Amounts are minor units; the ordinary loan is the 50,000.00 at 10.8% over 6 months of the worked
tables, or 8,000.00 at 14.4% over 30 days for a revolving draw.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_parts import LoanParts
from ledger.domain.loan_recording import recording_of
from ledger.domain.loan_state import LoanState
from ledger.domain.loan_terms import LoanTerms

LOAN, ENTITY, LINE, ACCOUNT, SOURCE = (UUID(int=number) for number in range(1, 6))
START = date(2024, 3, 5)

INSTALMENTS = LoanTerms(
    product_code="instalment-monthly",
    product_version=1,
    currency="CNY",
    method="equal_instalment",
    term=6,
    annual_rate_e8=10_800_000,
    day_base=360,
    penalty_rate_e8=16_200_000,
    compound=True,
    grace_days=3,
    early_fee_e8=0,
    allocation_order=("fee", "penalty", "compound", "interest", "principal"),
    principal_first_after_dpd=90,
    prepayment_mode="shorten_term",
)
REVOLVING = replace(
    INSTALMENTS,
    product_code="revolving-daily",
    method="revolving_daily",
    term=30,
    annual_rate_e8=14_400_000,
    penalty_rate_e8=21_600_000,
)


def in_parts(*, first_minor=2_000_000, parts_max=3, days=90, principal_minor=5_000_000):
    """Return what is agreed of a loan that is paid out in parts: 20,000.00 of 50,000.00 at once."""
    return LoanParts(
        first_minor=first_minor,
        parts_max=parts_max,
        available_until=START + timedelta(days=days),
        rest_minor=principal_minor - first_minor,
    )


def loan_in_parts(**agreed):
    """Return a loan whose first part was paid out on ``START``, with no pending events."""
    return disbursed_loan(parts=in_parts(**agreed))


def requested_loan(
    *, terms=INSTALMENTS, principal_minor=5_000_000, start=START, parts=None, conventions=None, **changes
):
    """Return a loan that waits for the bank."""
    loan = LoanAccount.blank(LOAN)
    loan.request(
        effective_date=start,
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=principal_minor,
        terms=replace(terms, **changes),
        conventions=conventions,
        parts=parts,
    )
    return loan


def disbursed_loan(*, start=START, **changes):
    """Return a loan paid out on ``start``, with no pending events."""
    loan = requested_loan(start=start, **changes)
    loan.disburse(effective_date=start, bank_reference="bank-1")
    loan.collect_events()
    return loan


def revolving_loan(*, principal_minor=800_000, **changes):
    """Return a revolving draw paid out on ``START``."""
    return disbursed_loan(terms=REVOLVING, principal_minor=principal_minor, **changes)


def repay(loan, on, *, kind="instalment", amount_minor=None, **more):
    """Apply a payment from the loan's linked account."""
    given = {"payment_id": f"pay-{loan.version}", "source_account_id": SOURCE, **more}
    return loan.repay(effective_date=on, kind=kind, amount_minor=amount_minor, **given)


def topics(loan):
    """Return the topics of the pending events, in order, and forget them."""
    return [event.TOPIC for event in loan.collect_events()]


def rows(loan):
    """Return the rows of the plan in force, in the order of their due dates."""
    version = loan.state.standing.schedule_version
    planned = [row for row in loan.state.rows.values() if row.version == version and row.kind != "charge"]
    return sorted(planned, key=lambda row: row.due_on)


def payments(loan):
    """Return how each payment is used as the loan stands, by its identifier."""
    position = loan.position(loan.state.as_of)
    return {used.id: used for used in recording_of(position, LoanState()).payments}


def due_on(loan, number):
    """Return the day on which a row of the plan in force falls due."""
    return next(row.due_on for row in rows(loan) if row.number == number)


def record(loan, kind, on, *, fact_id=None, value_date=None, **details):
    """Record another fact on an open date, by its value date if that lies before."""
    name = fact_id or f"fact-{loan.version}"
    return loan.record(effective_date=on, kind=kind, fact_id=name, value_date=value_date, **details)
