"""Money of borrowers: settlement accounts, what arrived on them, and what repaid loans.

Owns: these lists and pages. Refuses to know: shops; a settlement account has the identifier of its shop.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest

from config.admin import links
from config.admin.columns import full_id_column, id_column, link_column, money_column, words_column
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import EntityRecordAdmin, RecordAdmin
from config.admin.sections import Table, Timeline, section
from config.admin.timeline import timeline
from ledger.admin.journal import FIGURES, debit_and_credit
from ledger.domain.servicing.facts import PaymentKind
from ledger.models import JournalLine, SettlementAccount
from ledger.record_models import POSITION_BITS, ReceiptRecord, RepaymentRecord

MOVEMENTS_MAX = 200
BORROWER_SETTLEMENT = "2101"


@admin.register(SettlementAccount)
class SettlementAccountAdmin(EntityRecordAdmin):
    """Search by the identifier of the account or its entity, or by the entity's reference."""

    list_display = ("short", "entity", "balance", "reserved", "available", "currency")
    list_filter = (choice_filter("currency", "currency", ("CNY", "BRL", "USD", "EUR")),)
    ordering = ("-balance_minor", "id")
    search_fields = ("currency",)
    search_ids = ("id", "entity_id")
    search_help_text = "An entity's reference, or the identifier of an account or an entity"
    fields = (("whole_id", "entity"), ("balance", "reserved", "available"))

    short = id_column("id", "account")
    whole_id = full_id_column("id", "account")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    balance = money_column("balance_minor", "balance")
    reserved = money_column("reserved_minor", "held")
    available = money_column("available_minor", "available")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the available amount along."""
        available = F("balance_minor") - F("reserved_minor")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(available_minor=available)
        return rows


@section(links.SETTLEMENT, "Movements", order=10)
def movements(request: HttpRequest, account: SettlementAccount) -> Table:
    """Show the latest lines of the account in the journal; credits are the borrower's money."""
    lines = JournalLine.objects.filter(settlement_account_id=account.id, account=BORROWER_SETTLEMENT)
    rows = [
        [line.posting_date, _entry(request, line), *debit_and_credit(line),
         links.permitted_link(request, links.LOAN, line.loan_id) if line.loan_id else ""]
        for line in lines.order_by("-posting_date", "-pos", "-line_no")[:MOVEMENTS_MAX]
    ]  # fmt: skip
    return Table(
        ["posted on", "entry", *FIGURES, "loan"], rows, note=f"The latest {MOVEMENTS_MAX} movements."
    )


def _entry(request: HttpRequest, line: JournalLine) -> Any:
    key = (line.shard << POSITION_BITS) + line.pos
    return links.permitted_link(request, links.ENTRY, key, f"{line.shard}/{line.pos}")


@section(links.SETTLEMENT, "Events", order=90, needs=[links.EVENT])
def events(request: HttpRequest, account: SettlementAccount) -> Timeline:
    """Show what happened to the account."""
    return timeline(request, shard=account.shard, streams=[account.id], currency=account.currency)


@admin.register(ReceiptRecord)
class ReceiptAdmin(RecordAdmin):
    """Search by channel reference or by account."""

    list_display = (
        "reference",
        "channel",
        "effective_date",
        "value_date",
        "received",
        "returned_on",
        "account",
    )
    list_filter = (("effective_date", RangeDateFilter), ("returned_on", RangeDateFilter))
    search_fields = ("reference", "channel", "return_reference")
    search_ids = ("account_id",)
    search_help_text = "A reference, a channel, or the identifier of a settlement account"
    fields = (("channel", "reference"), ("effective_date", "value_date"), "received",
              ("returned_on", "returned", "return_reference"), "account")  # fmt: skip

    received = money_column("amount_minor", "amount")
    returned = money_column("returned_minor", "returned")
    account = link_column(links.SETTLEMENT, "account_id", "settlement account")


# What a payment is, and what else repays a loan.
PAYMENT_KINDS = (*(kind.value for kind in PaymentKind), "recovered", "from_overpayment", "charge_adjusted")


@admin.register(RepaymentRecord)
class RepaymentAdmin(EntityRecordAdmin):
    """Search by loan, entity or paying account."""

    list_display = ("effective_date", "loan", "entity", "words_kind", "paid", "fee", "penalty", "compound",
                    "interest", "principal")  # fmt: skip
    list_filter = (
        ("effective_date", RangeDateFilter),
        choice_filter("kind", "kind", PAYMENT_KINDS),
    )
    search_fields = ("kind", "reason")
    search_ids = ("loan_id", "entity_id", "source_account_id")
    search_help_text = "An entity's reference, or the identifier of a loan, an entity or an account"
    fields = ("effective_date", ("loan", "entity", "source"), ("words_kind", "words_reason"), "paid",
              ("fee", "penalty", "compound", "interest", "principal"))  # fmt: skip

    loan = link_column(links.LOAN, "loan_id", "loan")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    source = link_column(links.SETTLEMENT, "source_account_id", "paid from")
    words_kind = words_column("kind", "kind")
    words_reason = words_column("reason", "reason")
    paid = money_column("amount_minor", "amount")
    fee = money_column("fee_minor", "fee")
    penalty = money_column("penalty_minor", "penalty")
    compound = money_column("compound_minor", "compound interest")
    interest = money_column("interest_minor", "interest")
    principal = money_column("principal_minor", "principal")
