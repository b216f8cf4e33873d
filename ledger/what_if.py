"""What a loan would be if something happened to it: worked out on a copy, with nothing written.

Owns: taking steps one after another on an independent loan, each on the day it would be recorded, and comparing
the positions of one day with and without them.
Refuses to know: accounts, lines and people; whether there is money, or somebody may decide, is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from ledger.commands.record_loan_fact import moves_cash
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import RecordedRow
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.loan_fact_reports import ReportedFact
from ledger.loan_positions import DAYS_AHEAD_MAX, PositionShown, shown

STEPS_MAX: Final = 50


class StepDateTooFar(Refusal):
    """What if looks at most a year ahead."""

    code = "LEDGER_WHAT_IF_DATE_TOO_FAR"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A repayment as a borrower makes it; without an amount, what is due or the payoff."""

    kind: str
    amount_minor: int | None = None
    mode: str | None = None
    value_date: date | None = None


Step = Payment | ReportedFact


@dataclass(frozen=True, kw_only=True)
class RowDifference:
    """A row that would differ; None where it would not be, or has not been."""

    name: str
    before: RecordedRow | None
    after: RecordedRow | None


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """A loan on one day without and with the steps; differences are after less before, in minor units."""

    loan_id: UUID
    on: date
    currency: str
    before: PositionShown
    after: PositionShown
    rows: tuple[RowDifference, ...]
    books: dict[str, int]
    figures: dict[str, int]


def what_if(*, loan: LoanAccount, steps: Sequence[Step], open_date: date) -> WhatIf:
    """Return what the steps would lead to. Refuses whatever the loan refuses, and StepDateTooFar.

    A step whose value date lies ahead is taken on that day; the loan ages until then.
    """
    tried, on = loan.copy(), open_date
    for number, step in enumerate(steps):
        on = max(on, _day_of(step, number, open_date))
        try:
            _take(tried, step, number, on)
        except Refusal as refusal:
            refusal.details.setdefault("step", number)
            raise
    before, after = shown(loan.id, loan.state, on=on), shown(loan.id, tried.state, on=on)
    return WhatIf(
        loan_id=loan.id,
        on=on,
        currency=before.currency,
        before=before,
        after=after,
        rows=_rows(before, after),
        books={
            name: amount - getattr(before.books, name)
            for name, amount in after.books.balances()
            if amount != getattr(before.books, name)
        },
        figures={name: getattr(after, name) - getattr(before, name) for name in _FIGURES},
    )


_FIGURES: Final = (
    "outstanding_minor",
    "overpaid_minor",
    "due_minor",
    "overdue_minor",
    "payoff_minor",
    "days_past_due",
)


def _day_of(step: Step, number: int, open_date: date) -> date:
    day = step.value_date or open_date
    if day - open_date > timedelta(days=DAYS_AHEAD_MAX):
        raise StepDateTooFar(f"The books are at {open_date}.", field=f"steps[{number}].value_date")
    return day


def _take(loan: LoanAccount, step: Step, number: int, on: date) -> None:
    source = loan.state.account_id
    assert source is not None
    if isinstance(step, Payment):
        loan.repay(
            effective_date=on,
            payment_id=f"what-if-{number}",
            kind=step.kind,
            source_account_id=source,
            amount_minor=step.amount_minor,
            mode=step.mode,
            value_date=step.value_date,
        )
        return
    pays = moves_cash(step.kind, step.details.get("payment"))
    details: dict[str, Any] = step.details
    loan.record(
        effective_date=on,
        kind=step.kind,
        fact_id=f"what-if-{number}",
        value_date=step.value_date,
        plan=step.plan,
        reason=step.reason,
        source_account_id=(step.source_account_id or source) if pays else None,
        **details,
    )


def _rows(before: PositionShown, after: PositionShown) -> tuple[RowDifference, ...]:
    was, would_be = ({row.name: row for row in one.rows} for one in (before, after))
    return tuple(
        RowDifference(name=name, before=was.get(name), after=would_be.get(name))
        for name in {**was, **would_be}
        if was.get(name) != would_be.get(name)
    )
