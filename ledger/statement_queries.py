"""Questions about settlement accounts: balances, statements and withdrawals.

Owns: reads of an account's journal lines; a statement's opening and closing balance are sums over journal lines, so a
statement proves the account's balance instead of repeating it.
Refuses to know: who asks, and how an answer is shown. Periods are [from, until).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from ledger.domain.chart_of_accounts import BORROWER_SETTLEMENT, Side
from ledger.eventstore.shards import shard_of
from ledger.journal_queries import at_places
from ledger.models import JournalEntry, JournalLine, SettlementAccount
from ledger.queries import Scope, found
from ledger.withdrawal_models import Withdrawal

SIGNED = Case(When(side=Side.CREDIT.value, then=F("amount_minor")), default=-F("amount_minor"))


@dataclass(frozen=True)
class Movement:
    """Money that came to an account (positive) or left it, and the fact that moved it."""

    posting_date: date
    position: str
    topic: str
    currency: str
    amount_minor: int
    loan_id: UUID | None


@dataclass(frozen=True)
class Totals:
    """A period of an account: opening + received - paid = closing."""

    opening_minor: int
    received_minor: int
    paid_minor: int

    @property
    def closing_minor(self) -> int:
        """Return the balance at the end of the period."""
        return self.opening_minor + self.received_minor - self.paid_minor


def settlement_accounts(*, scope: Scope, entity_id: UUID | None = None) -> QuerySet[SettlementAccount]:
    """Return settlement accounts, of one entity or of the whole scope."""
    rows = scope.of(SettlementAccount.objects.all())
    return rows if entity_id is None else rows.filter(entity_id=entity_id)


def settlement_account(*, scope: Scope, account_id: UUID, field: str | None = None) -> SettlementAccount:
    """Return one account. Refuses NotFound."""
    rows = settlement_accounts(scope=scope).filter(id=account_id)
    return found(rows, what="settlement account", field=field)


def withdrawals(*, scope: Scope, account_id: UUID) -> QuerySet[Withdrawal]:
    """Return the withdrawals of an account. Refuses NotFound."""
    return Withdrawal.objects.filter(account_id=settlement_account(scope=scope, account_id=account_id).id)


def withdrawal(*, scope: Scope, reference: UUID) -> Withdrawal:
    """Return one withdrawal. Refuses NotFound."""
    rows = scope.of(Withdrawal.objects.filter(reference=str(reference)))
    return found(rows, what="withdrawal")


def account_lines(*, account_id: UUID) -> QuerySet[JournalLine]:
    """Return the journal lines that are an account's balance."""
    return JournalLine.objects.filter(
        settlement_account_id=account_id, account=BORROWER_SETTLEMENT, shard=shard_of(account_id)
    )


def period_totals(*, account_id: UUID, start: date, end: date) -> Totals:
    """Return the totals of a period, summed by the database."""
    within = Q(posting_date__gte=start)
    row = (
        account_lines(account_id=account_id)
        .filter(posting_date__lt=end)
        .aggregate(
            opening=Coalesce(Sum(SIGNED, filter=~within), 0),
            received=Coalesce(Sum("amount_minor", filter=within & Q(side=Side.CREDIT.value)), 0),
            paid=Coalesce(Sum("amount_minor", filter=within & Q(side=Side.DEBIT.value)), 0),
        )
    )
    return Totals(int(row["opening"]), int(row["received"]), int(row["paid"]))


def movements(lines: Sequence[JournalLine]) -> list[Movement]:
    """Return lines of an account as movements, each with the topic of its entry."""
    topics = {(entry.shard, entry.pos): entry.topic for entry in _entries_of(lines)}
    return [
        Movement(
            posting_date=line.posting_date,
            position=f"{line.shard}/{line.pos}/{line.line_no}",
            topic=topics[line.shard, line.pos],
            currency=line.currency,
            amount_minor=line.amount_minor if line.side == Side.CREDIT else -line.amount_minor,
            loan_id=line.loan_id,
        )
        for line in lines
    ]


def _entries_of(lines: Sequence[JournalLine]) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(
        at_places([(line.posting_date, line.shard, line.pos) for line in lines])
    )
