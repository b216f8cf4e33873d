"""Withdrawals: what left for the borrowers' banks, and what waits for an answer.

Owns: the list, the page, and the table on a settlement account's page. Refuses to know: the bank; a message
that waits stands in the outbox.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.columns import full_id_column, id_column, link_column, money_column, status_column
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import EntityRecordAdmin
from config.admin.sections import ROWS_MAX, Column, Table, section
from ledger.models import SettlementAccount
from ledger.withdrawal_models import Withdrawal

WITHDRAWAL = "ledger.withdrawal"
STATUSES = ("requested", "paid", "failed")


@admin.register(Withdrawal)
class WithdrawalAdmin(EntityRecordAdmin):
    """Search by a reference of ours or the bank's, or by account or entity."""

    list_display = ("short", "entity", "account", "amount", "shown_status", "requested_on", "decided_on",
                    "bank_reference")  # fmt: skip
    list_filter = (choice_filter("status", "status", STATUSES), ("requested_on", RangeDateFilter))
    ordering = ("-requested_on", "reference")
    search_fields = ("reference", "bank_reference", "reason")
    search_ids = ("reference", "account_id", "entity_id")
    search_help_text = "A reference, an entity's reference, or the identifier of an account or an entity"
    fields = (("whole_id", "shown_status"), ("entity", "account"), "amount",
              ("requested_on", "decided_on"), ("bank_reference", "reason"))  # fmt: skip

    short = id_column("reference", "withdrawal")
    whole_id = full_id_column("reference", "reference")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    account = link_column(links.SETTLEMENT, "account_id", "settlement account")
    amount = money_column("amount_minor", "amount")
    shown_status = status_column()


@section(links.SETTLEMENT, "Withdrawals", order=20, needs=[WITHDRAWAL])
def withdrawals(_request: HttpRequest, account: SettlementAccount) -> Table:
    """Show what was asked for, the latest first, and what the bank answered."""
    found = Withdrawal.objects.filter(account_id=account.id).order_by("-requested_on", "reference")
    rows = [
        [links.link(WITHDRAWAL, row.reference), row.requested_on,
         formatting.amount_text(row.amount_minor, row.currency), row.status,
         formatting.day(row.decided_on), row.bank_reference or row.reason or formatting.NOTHING]
        for row in found[:ROWS_MAX]
    ]  # fmt: skip
    columns = ["withdrawal", "requested on", Column("amount", is_figure=True), "status", "answered on",
               "the bank said"]  # fmt: skip
    return Table(columns, rows)
