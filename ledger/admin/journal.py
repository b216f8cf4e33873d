"""Journal entries: the accounting consequence of each event that moves money.

Owns: the list of entries and the page of one, debits beside credits, memo accounts apart.
Refuses to know: which event posts where (``ledger.postings``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.columns import full_id_column, id_column
from config.admin.event_words import EVENT_WORDS, event_words
from config.admin.filters import DropdownFilter, RangeDateFilter, choice_filter
from config.admin.records import RecordAdmin, as_uuid
from config.admin.sections import Column, Facts, Table, section
from ledger.admin.events import record_at
from ledger.domain.chart_of_accounts import CHART
from ledger.eventstore.shards import shard_of
from ledger.models import JournalLine
from ledger.record_models import JournalRecord

FIGURES = (Column("debit", is_figure=True), Column("credit", is_figure=True))


class AccountFilter(DropdownFilter):
    """Entries that touch one account of the chart."""

    title = "account"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the whole chart."""
        return [(code, account_name(code)) for code in CHART]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the entries with a line on the account."""
        code = self.value()
        return queryset.filter(Exists(lines_of_entry().filter(account=code))) if code in CHART else queryset


@admin.register(JournalRecord)
class JournalAdmin(RecordAdmin):
    """Search by the identifier of a loan, an entity, a settlement account or a stream."""

    list_display = ("entry", "posting_date", "value_date", "what", "total", "memo_total", "stream")
    list_filter = (
        ("posting_date", RangeDateFilter),
        AccountFilter,
        choice_filter("topic", "cause", EVENT_WORDS),
    )
    search_fields = ("topic",)
    search_help_text = "A topic, or the identifier of a loan, an entity, a settlement account or a stream"
    fields = (("entry", "posting_date", "value_date"), ("what", "total", "memo_total"), "whole_stream")

    stream = id_column("originator_id", "stream")
    whole_stream = full_id_column("originator_id", "stream")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find an identifier in the entries and in their lines, all of which lie in its shard."""
        found = as_uuid(search_term)
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        named = Q(loan_id=found) | Q(entity_id=found) | Q(settlement_account_id=found)
        of_shard = queryset.filter(shard=shard_of(found))
        return of_shard.filter(Q(originator_id=found) | Exists(lines_of_entry().filter(named))), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find an entry by shard and position, which the key consists of."""
        return record_at(self.get_queryset(request), object_id)

    @admin.display(description="entry")
    def entry(self, record: JournalRecord) -> str:
        """Return shard and position of the event that was posted."""
        return f"{record.shard}/{record.pos}"

    @admin.display(description="cause", ordering="topic")
    def what(self, record: JournalRecord) -> str:
        """Return the cause in words."""
        return event_words(record.topic)

    @admin.display(description="debits = credits")
    def total(self, record: JournalRecord) -> str:
        """Return the sum of the debits on the balance sheet."""
        return formatting.totals_text(record.debits) or formatting.NOTHING

    @admin.display(description="memo debits = credits")
    def memo_total(self, record: JournalRecord) -> str:
        """Return the sum of the debits below the line."""
        return formatting.totals_text(record.memo_debits) or formatting.NOTHING


def lines_of_entry() -> QuerySet[JournalLine]:
    """Return the lines of the entry of the outer query."""
    return JournalLine.objects.filter(
        posting_date=OuterRef("posting_date"), shard=OuterRef("shard"), pos=OuterRef("pos")
    )


def account_name(code: str) -> str:
    """Return an account's code and its name in words."""
    return f"{code} {formatting.words(CHART[code].name)}" if code in CHART else code


def is_memo(code: str) -> bool:
    """Say whether an account stands below the line."""
    return code in CHART and CHART[code].is_off_balance


@section(links.ENTRY, "Lines", order=10)
def lines(request: HttpRequest, entry: JournalRecord) -> Table:
    """Show the lines on the balance sheet with their totals."""
    return _lines_table(request, (line for line in _lines(entry) if not is_memo(line.account)))


@section(links.ENTRY, "Memo lines", order=20)
def memo_lines(request: HttpRequest, entry: JournalRecord) -> Table | None:
    """Show the lines below the line, which balance among themselves."""
    held = [line for line in _lines(entry) if is_memo(line.account)]
    return _lines_table(request, held) if held else None


@section(links.ENTRY, "Cause", order=30, needs=[links.EVENT])
def cause(request: HttpRequest, entry: JournalRecord) -> Facts:
    """Lead to the event that was posted."""
    event = links.link(links.EVENT, entry.pk, f"{entry.topic} {entry.shard}/{entry.pos}")
    return Facts([("event", event), ("record", links.stream_link(request, entry.topic, entry.originator_id))])


def _lines(entry: JournalRecord) -> list[JournalLine]:
    found = JournalLine.objects.filter(posting_date=entry.posting_date, shard=entry.shard, pos=entry.pos)
    return list(found.order_by("line_no"))


def _lines_table(request: HttpRequest, found: Iterable[JournalLine]) -> Table:
    rows, totals = [], {"D": Counter[str](), "C": Counter[str]()}
    for line in found:
        totals[line.side][line.currency] += line.amount_minor
        rows.append(
            [line.line_no, account_name(line.account), *debit_and_credit(line), *_owners(request, line)]
        )
    sums = [formatting.totals_text(totals[side]) for side in "DC"]
    columns = ["line", "account", *FIGURES, "entity", "loan", "settlement account", "product"]
    return Table(columns, rows, total=["", "Total", *sums, "", "", "", ""])


def debit_and_credit(line: JournalLine) -> tuple[str, str]:
    """Return the amount on its side and nothing on the other."""
    amount = formatting.amount_text(line.amount_minor, line.currency)
    return (amount, "") if line.side == "D" else ("", amount)


def _owners(request: HttpRequest, line: JournalLine) -> list[Any]:
    owners = (
        (links.ENTITY, line.entity_id),
        (links.LOAN, line.loan_id),
        (links.SETTLEMENT, line.settlement_account_id),
    )
    return [
        *(links.permitted_link(request, label, key) if key else "" for label, key in owners),
        line.product_code,
    ]
