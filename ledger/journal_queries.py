"""Questions about the books: journal entries and the trial balance.

Owns: reads of the journal as a whole. Refuses to know: who asks, and how an answer is shown.
Periods are [from, until) of posting dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from ledger.domain.chart_of_accounts import CHART, Side
from ledger.models import JournalEntry, JournalLine


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
    for line in JournalLine.objects.filter(at_places(places)).order_by("shard", "pos", "line_no"):
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


def at_places(places: Sequence[tuple[date, int, int]]) -> Q:
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
