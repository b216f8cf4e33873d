"""How each loan of a shard stood at the end of a month, by the facts that count by then.

Owns: reading those facts: rows and the days they were paid, principal from the journal by value date, the limit
of the line from its events. What becomes known later about that month changes the snapshot, which is then a
correction. Refuses to know: what has been reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from collection.domain.bureau_record import Snapshot
from collection.policies.bureau_marks import DueRow, LoanHistory, repayment_string, standing
from ledger.domain.chart_of_accounts import CHART
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.claims import RowKind
from ledger.kernel.periods import months_after
from ledger.models import EsEvent, Instalment, Loan
from ledger.policies.classification import bucket_of, classify

# How a loan ends without being paid in full; one that is charged off has not ended.
ENDED_ABNORMALLY: Final = frozenset({LoanStatus.WRITTEN_OFF, LoanStatus.SETTLED_AT_DISCOUNT, LoanStatus.SOLD})
LIMIT_EVENTS: Final = ("line.opened", "line.limit_changed")
PRINCIPAL: Final = sorted(one.code for one in CHART.values() if one.name.startswith("loan_principal"))
_BALANCES: Final = (
    "SELECT l.loan_id, sum(CASE l.side WHEN 'D' THEN l.amount_minor ELSE -l.amount_minor END)::bigint"
    " FROM journal_line l JOIN journal_entry j USING (posting_date, shard, pos)"
    " WHERE l.loan_id = ANY (%s) AND l.account = ANY (%s) AND j.effective_date <= %s GROUP BY 1"
)


def snapshots(*, shard: int, month: date) -> Iterator[tuple[Loan, Snapshot]]:
    """Yield every loan that ran in the month that begins on a day, as it stood at its end."""
    last = months_after(month, months=1) - timedelta(days=1)
    # A payout that came back was never a loan.
    lent = Loan.objects.exclude(status=LoanStatus.CANCELLED)
    paid_out = lent.filter(shard=shard, disbursed_on__lte=last).order_by("id")
    loans = [loan for loan in paid_out if loan.settled_on is None or loan.settled_on >= month]
    rows, balances = _due_rows(loans), _balances(loans, last)
    limits = _limits(shard, {loan.line_id for loan in loans}, last)
    for loan in loans:
        history = _history(loan, rows[loan.id])
        yield loan, _snapshot(loan, history, month, balances.get(loan.id, 0), limits.get(loan.line_id, 0))


def _snapshot(loan: Loan, history: LoanHistory, month: date, balance: int, limit: int) -> Snapshot:
    last = months_after(month, months=1) - timedelta(days=1)
    has_ended = history.ended_on is not None and history.ended_on <= last
    days = _days_past_due(history, last, has_ended=has_ended)
    return Snapshot(
        currency=loan.currency,
        opened_on=history.opened_on,
        ended_on=history.ended_on if has_ended else None,
        limit_minor=limit,
        principal_minor=loan.principal_minor,
        balance_minor=balance,
        days_past_due=days,
        bucket=bucket_of(days),
        category=classify(days=days).category.value,
        marks=repayment_string(history, month=month),
    )


def _days_past_due(history: LoanHistory, last: date, *, has_ended: bool) -> int:
    """Return the days at the end of the month; of a loan that was given up in it, those of the day before."""
    if not has_ended:
        return standing(history, on=last).days_past_due
    if history.ended_on is None or not history.ended_abnormally:
        return 0
    return standing(history, on=history.ended_on - timedelta(days=1)).days_past_due


def _history(loan: Loan, rows: Sequence[DueRow]) -> LoanHistory:
    assert loan.disbursed_on is not None
    return LoanHistory(
        opened_on=loan.disbursed_on,
        ended_on=loan.settled_on,
        ended_abnormally=loan.status in ENDED_ABNORMALLY,
        grace_days=loan.grace_days,
        rows=rows,
    )


def _due_rows(loans: Sequence[Loan]) -> dict[UUID, list[DueRow]]:
    found: dict[UUID, list[DueRow]] = defaultdict(list)
    rows = Instalment.objects.filter(loan_id__in=[loan.id for loan in loans], superseded_by__isnull=True)
    told = rows.values_list("loan_id", "due_on", "paid_on", "kind", "schedule_version")
    for loan_id, due_on, paid_on, kind, version in told:
        found[loan_id].append(DueRow(due_on, paid_on, version if kind == RowKind.INSTALMENT else None))
    return found


def _balances(loans: Sequence[Loan], last: date) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, ([loan.id for loan in loans], PRINCIPAL, last))
        return dict(cursor.fetchall())


def _limits(shard: int, lines: set[UUID], last: date) -> dict[UUID, int]:
    """Return the limit of each line as it was set last by the end of a day."""
    events = EsEvent.objects.filter(
        shard=shard, originator_id__in=lines, topic__in=LIMIT_EVENTS, effective_date__lte=last
    )
    in_order = events.order_by("originator_version").values_list("originator_id", "state")
    return {line: int(state["limit_minor"]) for line, state in in_order}
