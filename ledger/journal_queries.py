"""Questions about the journal: entries with their lines.

Owns: reads of entries. Refuses to know: balances (``account_balances``), who asks, and how an answer is shown.
Periods are [from, until) of posting dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ledger.domain.chart_of_accounts import CHART
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
    product_code: str


@dataclass(frozen=True)
class EntryShown:
    """A journal entry with its lines."""

    posting_date: date
    effective_date: date
    value_date: date
    shard: int
    pos: int
    topic: str
    originator_id: UUID
    lines: tuple[LineShown, ...]


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
            value_date=entry.value_date,
            shard=entry.shard,
            pos=entry.pos,
            topic=entry.topic,
            originator_id=entry.originator_id,
            lines=tuple(lines[entry.shard, entry.pos]),
        )
        for entry in entries
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
        product_code=line.product_code,
    )
