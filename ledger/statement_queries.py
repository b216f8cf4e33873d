"""Questions about the books: settlement accounts, statements, journal entries, the trial balance.

Owns: reads of the journal; a statement's opening and closing balance are sums over journal lines, so a
statement proves the account's balance instead of repeating it.
Refuses to know: who asks, and how an answer is shown. Periods are [from, until).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from ledger.domain.chart_of_accounts import BORROWER_SETTLEMENT, CHART, Side
from ledger.eventstore.shards import shard_of
from ledger.models import JournalEntry, JournalLine, SettlementAccount
from ledger.queries import Scope, found

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


@dataclass(frozen=True)
class LineShown:
    """A journal line with the name of its account."""

    line_no: int
    account: str
    account_name: str
    side: str
    amount_minor: int
    currency: str
    entity_id: UUID | None
    loan_id: UUID | None
    settlement_account_id: UUID | None


@dataclass(frozen=True)
class EntryShown:
    """A journal entry with its lines."""

    posting_date: date
    effective_date: date
    shard: int
    pos: int
    topic: str
    originator_id: UUID
    lines: tuple[LineShown, ...]


@dataclass(frozen=True)
class TrialBalanceRow:
    """One account in one currency."""

    account: str
    account_name: str
    off_balance: bool
    currency: str
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        """Return debits less credits."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True)
class CurrencyTotal:
    """The check of one currency, on or off the balance sheet: the difference is zero."""

    currency: str
    off_balance: bool
    debit_minor: int
    credit_minor: int

    @property
    def difference_minor(self) -> int:
        """Return debits less credits."""
        return self.debit_minor - self.credit_minor


def settlement_accounts(*, scope: Scope, entity_id: UUID | None = None) -> QuerySet[SettlementAccount]:
    """Return settlement accounts, of one entity or of the whole scope."""
    rows = scope.of(SettlementAccount.objects.all())
    return rows if entity_id is None else rows.filter(entity_id=entity_id)


def settlement_account(*, scope: Scope, account_id: UUID, field: str | None = None) -> SettlementAccount:
    """Return one account. Refuses NotFound."""
    rows = settlement_accounts(scope=scope).filter(id=account_id)
    return found(rows, what="settlement account", field=field)


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


def journal_entries(
    *,
    start: date | None = None,
    end: date | None = None,
    account: str | None = None,
    loan_id: UUID | None = None,
) -> QuerySet[JournalEntry]:
    """Return journal entries of a period, and of those the ones that touch an account or a loan."""
    rows = JournalEntry.objects.all()
    if start is not None:
        rows = rows.filter(posting_date__gte=start)
    if end is not None:
        rows = rows.filter(posting_date__lt=end)
    touching = {"account": account, "loan_id": loan_id}
    wanted = {name: value for name, value in touching.items() if value is not None}
    if wanted:
        same = {name: OuterRef(name) for name in ("posting_date", "shard", "pos")}
        rows = rows.filter(Exists(JournalLine.objects.filter(**same, **wanted)))
    return rows


def with_lines(entries: Sequence[JournalEntry]) -> list[EntryShown]:
    """Return entries with their lines, read at once."""
    lines: dict[tuple[int, int], list[LineShown]] = defaultdict(list)
    places = [(entry.posting_date, entry.shard, entry.pos) for entry in entries]
    for line in JournalLine.objects.filter(_at(places)).order_by("shard", "pos", "line_no"):
        lines[line.shard, line.pos].append(_line_shown(line))
    return [
        EntryShown(
            posting_date=entry.posting_date,
            effective_date=entry.effective_date,
            shard=entry.shard,
            pos=entry.pos,
            topic=entry.topic,
            originator_id=entry.originator_id,
            lines=tuple(lines[entry.shard, entry.pos]),
        )
        for entry in entries
    ]


def trial_balance(*, as_of: date | None) -> list[TrialBalanceRow]:
    """Return debits and credits of every account and currency, through a posting date."""
    rows = JournalLine.objects.all() if as_of is None else JournalLine.objects.filter(posting_date__lte=as_of)
    sums = rows.values("currency", "account").annotate(
        debit=Coalesce(Sum("amount_minor", filter=Q(side=Side.DEBIT.value)), 0),
        credit=Coalesce(Sum("amount_minor", filter=Q(side=Side.CREDIT.value)), 0),
    )
    return [
        TrialBalanceRow(
            account=row["account"],
            account_name=CHART[row["account"]].name,
            off_balance=CHART[row["account"]].is_off_balance,
            currency=row["currency"],
            debit_minor=int(row["debit"]),
            credit_minor=int(row["credit"]),
        )
        for row in sums.order_by("currency", "account")
    ]


def currency_totals(rows: Sequence[TrialBalanceRow]) -> list[CurrencyTotal]:
    """Return the check of a trial balance: per currency, on and off the balance sheet apart."""
    kinds = sorted({(row.currency, row.off_balance) for row in rows})
    return [
        CurrencyTotal(
            currency=currency,
            off_balance=off_balance,
            debit_minor=sum(row.debit_minor for row in rows if (row.currency, row.off_balance) == kind),
            credit_minor=sum(row.credit_minor for row in rows if (row.currency, row.off_balance) == kind),
        )
        for kind in kinds
        for currency, off_balance in (kind,)
    ]


def _entries_of(lines: Sequence[JournalLine]) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(_at([(line.posting_date, line.shard, line.pos) for line in lines]))


def _at(places: Sequence[tuple[date, int, int]]) -> Q:
    """Return the rows at these places of the journal; no place, no row."""
    return Q(pk__in=[]) if not places else _any_of(places)


def _any_of(places: Sequence[tuple[date, int, int]]) -> Q:
    condition = Q()
    for posting_date, shard, pos in sorted(set(places)):
        condition |= Q(posting_date=posting_date, shard=shard, pos=pos)
    return condition


def _line_shown(line: JournalLine) -> LineShown:
    return LineShown(
        line_no=line.line_no,
        account=line.account,
        account_name=CHART[line.account].name,
        side=line.side,
        amount_minor=line.amount_minor,
        currency=line.currency,
        entity_id=line.entity_id,
        loan_id=line.loan_id,
        settlement_account_id=line.settlement_account_id,
    )
