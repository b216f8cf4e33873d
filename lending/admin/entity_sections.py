"""What stands below an entity's details: shops, applications, line, loans, blacklist, events.

Owns: these tables. Refuses to know: notices and overdue history, which collections adds itself.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.sections import ROWS_MAX, Column, Table, Timeline, section
from config.admin.timeline import streams_of, timeline
from ledger.models import Loan, SettlementAccount
from lending.models import Application, BlacklistEntry, CreditLine, LegalEntity, SalesMonth, ShopAccount

MONTHS_SHOWN = 24


@section(links.ENTITY, "Shop accounts", order=10, needs=[links.ACCOUNT, links.SETTLEMENT])
def shop_accounts(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show each shop with the money held for it."""
    shops = list(
        ShopAccount.objects.filter(entity_id=entity.id).order_by("role", "platform", "external_id")[:ROWS_MAX]
    )
    held = {row.id: row for row in SettlementAccount.objects.filter(entity_id=entity.id)}
    rows = [
        [links.link(links.ACCOUNT, shop.id, shop), shop.role, shop.opened_on, shop.linked_on,
         formatting.day(shop.consent_granted_on), *_balance(held.get(shop.id)),
         links.link(links.SETTLEMENT, shop.id, "account") if shop.id in held else ""]
        for shop in shops
    ]  # fmt: skip
    figures = [Column(title, is_figure=True) for title in ("balance", "available")]
    columns = ["shop", "role", "opened on", "linked on", "consent of", *figures, "settlement"]
    total = formatting.amount_text(sum(row.balance_minor for row in held.values()), entity.currency)
    free = formatting.amount_text(
        sum(row.balance_minor - row.reserved_minor for row in held.values()), entity.currency
    )
    return Table(
        columns,
        rows,
        more=_more(links.ACCOUNT, entity, shops),
        total=["Total", "", "", "", "", total, free, ""],
    )


def _balance(account: SettlementAccount | None) -> tuple[str, str]:
    if account is None:
        return formatting.NOTHING, formatting.NOTHING
    available = account.balance_minor - account.reserved_minor
    return (
        formatting.amount_text(account.balance_minor, account.currency),
        formatting.amount_text(available, account.currency),
    )


def _more(label: str, entity: LegalEntity, rows: list[Any]) -> str:
    return links.list_url(label, q=entity.id) if len(rows) == ROWS_MAX else ""


@section(links.ENTITY, "Turnover", order=20, needs=[links.ACCOUNT])
def turnover(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show what the entity sold per month, over all its shops."""
    months: dict[str, list[int]] = {}
    for month, orders, minor in SalesMonth.objects.filter(entity_id=entity.id).values_list(
        "month", "orders", "amount_minor"
    ):
        held = months.setdefault(month, [0, 0])
        held[0], held[1] = held[0] + orders, held[1] + minor
    rows = [
        [month, orders, formatting.amount_text(minor, entity.currency)]
        for month, (orders, minor) in sorted(months.items(), reverse=True)[:MONTHS_SHOWN]
    ]
    columns = ["month", Column("orders", is_figure=True), Column("goods sold", is_figure=True)]
    return Table(columns, rows, note=f"The latest {MONTHS_SHOWN} months with sales.")


@section(links.ENTITY, "Applications", order=30, needs=[links.APPLICATION])
def applications(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show each application and its decision; every figure is on the application's page."""
    rows = [
        [links.link(links.APPLICATION, row.id), row.submitted_on, row.status, formatting.day(row.decided_on),
         formatting.amount_text(row.limit_minor, row.currency), _decision(row),
         formatting.day(row.reapply_from)]
        for row in Application.objects.filter(entity_id=entity.id).order_by("-submitted_on")[:ROWS_MAX]
    ]  # fmt: skip
    columns = ["application", "submitted on", "status", "decided on", Column("limit", is_figure=True),
               "figures or reasons", "again from"]  # fmt: skip
    return Table(columns, rows)


def _decision(application: Application) -> str:
    if application.reasons:
        return ", ".join(formatting.words(reason["code"]) for reason in application.reasons)
    figures = (application.decision or {}).get("figures", [])
    return f"{len(figures)} figures" if figures else formatting.NOTHING


@section(links.ENTITY, "Credit lines", order=40, needs=[links.LINE])
def credit_lines(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show the limit and how much of it is in use."""
    rows = [
        [links.link(links.LINE, row.id), row.opened_on, row.status, formatting.words(row.blocked_reason),
         *(formatting.amount_text(minor, row.currency)
           for minor in (row.limit_minor, row.reserved_minor, row.drawn_minor, row.available_minor))]
        for row in CreditLine.objects.filter(entity_id=entity.id).order_by("-opened_on")
    ]  # fmt: skip
    figures = [Column(title, is_figure=True) for title in ("limit", "held", "drawn", "available")]
    return Table(["credit line", "opened on", "status", "blocked by", *figures], rows)


@section(links.ENTITY, "Loans", order=50, needs=[links.LOAN])
def loans(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show the entity's loans, the latest first."""
    found = list(Loan.objects.filter(entity_id=entity.id).order_by("-requested_on", "id")[:ROWS_MAX])
    return Table(*loans_table(found), more=_more(links.LOAN, entity, found))


def loans_table(found: list[Loan]) -> tuple[list[object], list[list[Any]]]:
    """Return columns and rows of loans."""
    rows = [
        [links.link(links.LOAN, row.id), row.status, row.product_code,
         formatting.amount_text(row.principal_minor, row.currency),
         formatting.amount_text(row.outstanding_minor, row.currency),
         formatting.day(row.disbursed_on), formatting.day(row.next_due_on),
         formatting.day(row.overdue_since), formatting.day(row.maturity_on)]
        for row in found
    ]  # fmt: skip
    figures = [Column(title, is_figure=True) for title in ("principal", "outstanding")]
    dates = ["paid out on", "next due on", "overdue since", "matures on"]
    return ["loan", "status", "product", *figures, *dates], rows


@section(links.ENTITY, "Blacklist", order=60, needs=["lending.blacklistentry"])
def blacklist(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show which identities of the entity are listed."""
    found = list(BlacklistEntry.objects.filter(entity_id=entity.id).order_by("identity")[:ROWS_MAX])
    rows = [[row.identity, row.listed_on, formatting.words(row.reason)] for row in found]
    return Table(
        ["identity", "listed on", "reason"], rows, more=_more("lending.blacklistentry", entity, found)
    )


@section(links.ENTITY, "Events", order=90, needs=[links.EVENT])
def events(request: HttpRequest, entity: LegalEntity) -> Timeline:
    """Show what happened to the entity and to everything that belongs to it."""
    owned = (Application, CreditLine, Loan, SettlementAccount)
    groups = [list(model.objects.filter(entity_id=entity.id).values_list("id", flat=True)) for model in owned]
    streams = streams_of([entity.id], *groups)
    return timeline(request, shard=entity.shard, streams=streams, currency=entity.currency)
