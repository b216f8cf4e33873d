"""The overview that staff see first.

Owns: which tiles and tables there are and who sees them. Refuses to know: how a figure is computed.
Each tile names the model whose list it leads to; whoever may not see the list does not see the tile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.admin import figures, formatting, links
from config.admin.sections import Column, Table
from ledger.account_balances import currency_totals, trial_balance
from ledger.book_moment import BookMoment
from ledger.day_close_progress import open_problem_count
from ledger.eventstore.business_date import business_date
from ledger.eventstore.shards import SHARD_COUNT

DAY = "ledger.dayrecord"
OUTBOX = "ledger.esoutbox"
BOOKS = "ledger.glaccount"
OPEN_STATUSES = ("active", "overdue")
LIVE_STATUSES = ("active", "frozen", "blacklisted")


@dataclass(frozen=True)
class Tile:
    """One figure with its caption, and where it leads."""

    title: str
    value: str
    caption: str = ""
    link: str = ""
    is_alarm: bool = False


def add_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put the tiles and tables a person may see into the page's context."""
    context["title"] = "Overview"
    context["tiles"] = [
        *_business_date(),
        *_lending_tiles(request),
        *_outbox_tiles(request),
        *_problem_tiles(request),
    ]
    context["tables"] = list(_tables(request))
    context["progress"] = figures.close_progress() if links.may_view(request, DAY) else None
    context["shard_count"] = SHARD_COUNT
    return context


def _business_date() -> Iterator[Tile]:
    state = business_date()
    if state.open_date is None:
        yield Tile("Business date", "not open", "The books have not been opened.", is_alarm=True)
        return
    caption = "open in all shards"
    if state.shards_behind:
        caption = f"{state.shards_behind} of {SHARD_COUNT} shards are behind the others"
    yield Tile("Business date", formatting.day(state.open_date), caption)


def _lending_tiles(request: HttpRequest) -> Iterator[Tile]:
    if links.may_view(request, links.ENTITY):
        entities, blacklisted = figures.entity_counts()
        yield Tile(
            "Legal entities", f"{entities:,}", f"{blacklisted:,} blacklisted", links.list_url(links.ENTITY)
        )
    if links.may_view(request, links.LINE):
        live = [row for row in figures.lines_by_status() if row.status in LIVE_STATUSES]
        limits = formatting.totals_text(_sums(live))
        yield Tile("Live credit lines", _count(live), limits, links.list_url(links.LINE))
    if links.may_view(request, links.LOAN):
        yield from _loan_tiles(figures.loans_by_status())


def _loan_tiles(rows: list[figures.StatusRow]) -> Iterator[Tile]:
    running = [row for row in rows if row.status in OPEN_STATUSES]
    overdue = [row for row in rows if row.status == "overdue"]
    yield Tile(
        "Loans running", _count(running), formatting.totals_text(_sums(running)), links.list_url(links.LOAN)
    )
    address = links.list_url(links.LOAN, status="overdue")
    yield Tile(
        "Loans overdue", _count(overdue), formatting.totals_text(_sums(overdue)), address, bool(overdue)
    )


def _outbox_tiles(request: HttpRequest) -> Iterator[Tile]:
    if not links.may_view(request, OUTBOX):
        return
    counts = figures.outbox_counts()
    caption = f"{counts['dead']:,} dead, waiting for a person"
    yield Tile(
        "Outbox", f"{counts['pending']:,} pending", caption, links.list_url(OUTBOX), counts["dead"] > 0
    )


def _problem_tiles(request: HttpRequest) -> Iterator[Tile]:
    if not links.may_view(request, DAY):
        return
    count = open_problem_count()
    address = reverse("admin:ledger_dayrecord_progress")
    yield Tile("Day close", f"{count:,} set aside", "tried again by the next close", address, count > 0)


def _tables(request: HttpRequest) -> Iterator[dict[str, Any]]:
    if links.may_view(request, BOOKS):
        address = reverse("admin:ledger_glaccount_trial_balance")
        yield {
            "title": "Trial balance",
            "table": _trial_balance(),
            "link": address,
            "link_text": "By account",
        }
    if links.may_view(request, links.LOAN):
        table = _status_table(figures.loans_by_status(), "outstanding principal")
        yield {
            "title": "Loans by status",
            "table": table,
            "link": links.list_url(links.LOAN),
            "link_text": "All loans",
        }


def _trial_balance() -> Table:
    rows = [
        ["memo" if total.off_balance else "balance sheet",
         *(formatting.amount_text(minor, total.currency)
           for minor in (total.debit_minor, total.credit_minor, total.difference_minor))]
        for total in currency_totals(trial_balance(moment=BookMoment()))
    ]  # fmt: skip
    titles = [Column(title, is_figure=True) for title in ("debits", "credits", "difference")]
    return Table(["accounts", *titles], rows)


def _status_table(rows: list[figures.StatusRow], title: str) -> Table:
    lines = [
        [row.status, row.currency, f"{row.records:,}", formatting.amount_text(row.amount_minor, row.currency)]
        for row in rows
    ]
    return Table(
        ["status", "currency", Column("loans", is_figure=True), Column(title, is_figure=True)], lines
    )


def _count(rows: list[figures.StatusRow]) -> str:
    return f"{sum(row.records for row in rows):,}"


def _sums(rows: list[figures.StatusRow]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + row.amount_minor
    return totals
