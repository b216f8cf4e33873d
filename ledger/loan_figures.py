"""What a loan owes and what pays it off: figures that are worked out from its events, not read from rows.

Owns: asking the loan itself about the open business date or a later one.
Refuses to know: who asks, and how an answer is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_chart import EVENT, MATRIX
from ledger.domain.loan_questions import owed_on
from ledger.domain.loan_record import RecordedRow
from ledger.domain.loan_recording import recorded_rows
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.facts import Disbursed
from ledger.eventstore.unit_of_work import NotFound, replay
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.loan_payouts import PayoutShown, payout_of
from ledger.queries import open_date_of

QUOTE_DAYS_AHEAD_MAX: Final = 366


class QuoteDatePassed(Refusal):
    """A quote is for the open business date or a later one; nothing can be paid in the past."""

    code = "LEDGER_QUOTE_DATE_PASSED"
    kind = RefusalKind.INVALID


class QuoteDateTooFar(Refusal):
    """A quote looks at most a year ahead."""

    code = "LEDGER_QUOTE_DATE_TOO_FAR"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Owed:
    """What a loan owes on a date: everything in ``total``, of which ``due`` has fallen due."""

    on: date
    currency: str
    principal_minor: int
    interest_minor: int
    penalty_minor: int
    compound_minor: int
    fee_minor: int
    total_minor: int
    due_minor: int
    overdue_minor: int
    days_past_due: int


@dataclass(frozen=True)
class LoanFigures:
    """What was agreed, how far it was paid out, and what is owed while there is a debt."""

    terms: LoanTerms
    payout: PayoutShown
    owed: Owed | None


@dataclass(frozen=True)
class Quote:
    """What pays a loan off on a date, and for no longer."""

    loan_id: UUID
    valid_on: date
    currency: str
    due_minor: int
    principal_to_come_minor: int
    interest_minor: int
    charges_to_come_minor: int
    early_fee_minor: int
    total_minor: int


def loan_figures(*, loan_id: UUID) -> LoanFigures:
    """Return the terms of a loan, its payout, and what it owes on the open business date."""
    account, on = _account(loan_id), open_date_of(loan_id)
    return LoanFigures(
        terms=account.state.contract,
        payout=payout_of(account.state),
        owed=_owed(account, on) if _takes_repayment(account) else None,
    )


def agreed_rows(*, loan_id: UUID) -> tuple[RecordedRow, ...]:
    """Return the plan as it was made at the payout, or its first part, whatever became of it; none before."""
    state = _account(loan_id).state
    if state.disbursed_on is None:
        return ()
    payout = next(fact for fact in state.dated_facts if isinstance(fact, Disbursed))
    return tuple(recorded_rows(derive(state.servicing_terms, [payout], on=payout.effective_date)))


def _takes_repayment(account: LoanAccount) -> bool:
    return MATRIX[account.state.status, "repay"] == EVENT


def _owed(account: LoanAccount, on: date) -> Owed:
    position = account.position(on)
    parts = owed_on(position)
    return Owed(
        on=on,
        currency=account.state.contract.currency,
        principal_minor=parts.principal_minor,
        interest_minor=parts.interest_minor,
        penalty_minor=parts.penalty_minor,
        compound_minor=parts.compound_minor,
        fee_minor=parts.fee_minor,
        total_minor=parts.total_minor,
        due_minor=position.due.total_minor,
        overdue_minor=position.overdue.total_minor,
        days_past_due=position.days_past_due,
    )


def payoff_quote(*, loan_id: UUID, on: date | None) -> Quote:
    """Return what pays a loan off. Refuses QuoteDatePassed, QuoteDateTooFar, and wrong states."""
    opened = open_date_of(loan_id)
    day = on or opened
    if day < opened:
        raise QuoteDatePassed(f"The books are at {opened}.", field="on", open_date=opened.isoformat())
    if (day - opened).days > QUOTE_DAYS_AHEAD_MAX:
        raise QuoteDateTooFar(f"The books are at {opened}.", field="on", open_date=opened.isoformat())
    account = _account(loan_id)
    quote = account.payoff_quote(day)
    return Quote(
        loan_id=loan_id,
        valid_on=quote.valid_on,
        currency=account.state.contract.currency,
        due_minor=quote.due.total_minor,
        principal_to_come_minor=quote.principal_to_come_minor,
        interest_minor=quote.broken_interest_minor,
        charges_to_come_minor=quote.charges_to_come_minor,
        early_fee_minor=quote.early_fee_minor,
        total_minor=quote.total_minor,
    )


def _account(loan_id: UUID) -> LoanAccount:
    account = replay(LoanAccount, loan_id)
    if account is None:
        raise NotFound("There is no such loan.")
    return account
