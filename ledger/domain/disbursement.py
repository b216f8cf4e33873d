"""What paying a loan out sets in motion: its first schedule and the interest accruals of every row.

Owns: the choice of schedule by method and conventions, the span over which interest that a grace period put
off is earned, and the rule that the whole principal reaches the borrower.
Refuses to know: the bank, and what happens after the first schedule.
Source: Civil Code art. 670, interest or fees must not be withheld from the principal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.domain.accrual import INTEREST, Accrual, daily_accrual, linear_accrual
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.plan_of_loan import first_rows
from ledger.domain.contract.planned_loan import deferred_until, plan_terms_of_loan
from ledger.domain.loan_events import Draft, LoanDisbursed
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.schedule import Instalment, equal_instalment_schedule, revolving_schedule
from ledger.kernel.refusals import Refusal, RefusalKind


class DisbursementNotInFull(Refusal):
    """The amount paid out is not the principal; nothing may be withheld from it."""

    code = "LEDGER_DISBURSEMENT_NOT_IN_FULL"
    kind = RefusalKind.INVALID


def require_paid_in_full(*, principal_minor: int, paid_minor: int | None) -> None:
    """Refuse a payout net of interest or fees, or above the principal."""
    if paid_minor not in (None, principal_minor):
        raise DisbursementNotInFull(
            "The whole principal is paid out, no less and no more.",
            field="paid_minor",
            principal_minor=principal_minor,
        )


def disbursed_draft(
    terms: LoanTerms,
    *,
    principal_minor: int,
    bank_reference: str,
    on: date,
    conventions: LoanConventions | None = None,
) -> Draft:
    """Return the fact of the payout with everything it starts."""
    rows = schedule_for(terms, principal_minor=principal_minor, start=on, conventions=conventions)
    return LoanDisbursed, {
        "principal_minor": principal_minor,
        "bank_reference": bank_reference,
        "maturity_date": rows[-1].due_on,
        "schedule_version": rows[0].version,
        "rows": rows,
        "accruals": first_accruals(terms, rows, conventions=conventions),
    }


def schedule_for(
    terms: LoanTerms, *, principal_minor: int, start: date, conventions: LoanConventions | None = None
) -> tuple[Instalment, ...]:
    """Return the first schedule of a loan paid out on ``start``."""
    if conventions is not None and not terms.is_revolving:
        return first_rows(
            plan_terms_of_loan(terms, conventions, principal_minor=principal_minor, start=start)
        )
    if terms.is_revolving:
        return revolving_schedule(
            principal_minor=principal_minor,
            annual_rate_e8=terms.annual_rate_e8,
            start=start,
            days=terms.term,
            day_base=terms.day_base,
        )
    return equal_instalment_schedule(
        principal_minor=principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        start=start,
        count=terms.term,
    )


def first_accruals(
    terms: LoanTerms, rows: tuple[Instalment, ...], *, conventions: LoanConventions | None
) -> tuple[Accrual, ...]:
    """Return the accruals of a first schedule; interest put off is earned from the start of its grace."""
    number = deferred_until(conventions)
    opened = {row.number: row.starts_on for row in rows}
    earned_over = (
        replace(row, starts_on=opened.get(1, row.starts_on)) if row.number == number else row for row in rows
    )
    return interest_accruals(terms, tuple(earned_over))


def interest_accruals(terms: LoanTerms, rows: tuple[Instalment, ...]) -> tuple[Accrual, ...]:
    """Return how the interest of rows grows: by the day on a draw, evenly over an instalment's period."""
    accruals = (_interest_accrual(terms, row) for row in rows)
    return tuple(accrual for accrual in accruals if accrual.per_day_numerator > 0)


def _interest_accrual(terms: LoanTerms, row: Instalment) -> Accrual:
    key = f"{INTEREST}:{row.key}"
    if not terms.is_revolving:
        return linear_accrual(
            key=key, amount_minor=row.interest_minor, starts_on=row.starts_on, due_on=row.due_on
        )
    return daily_accrual(
        key=key,
        kind=INTEREST,
        base_minor=row.principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        day_base=terms.day_base,
        started_on=row.starts_on,
        ends_on=row.due_on,
        accrue_from=row.starts_on,
    )
