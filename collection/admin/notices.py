"""Notices: what borrowers are told, as a list and on the pages of entities and loans.

Owns: these pages. Refuses to know: how a notice is delivered.
"""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from collection.models import Notice
from collection.record_models import NoticeRecord
from config.admin import formatting, links
from config.admin.columns import link_column, money_column, words_column
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import EntityRecordAdmin
from config.admin.sections import ROWS_MAX, Column, Table, section
from ledger.models import Loan
from lending.models import LegalEntity

NOTICE = "collection.noticerecord"
KINDS = ("instalment_overdue", "linked_account_debited", "own_account_debited", "blacklisted")


@admin.register(NoticeRecord)
class NoticeAdmin(EntityRecordAdmin):
    """Search by entity or by the identifier of an entity, a loan or an account."""

    list_display = ("effective_date", "words_kind", "entity", "amount", "loan", "account")
    list_filter = (
        choice_filter("kind", "kind", {kind: formatting.words(kind) for kind in KINDS}),
        ("effective_date", RangeDateFilter),
    )
    search_fields = ("kind",)
    search_ids = ("entity_id", "loan_id", "account_id")
    search_help_text = "An entity's reference, or the identifier of an entity, a loan or an account"
    fields = (("effective_date", "words_kind", "amount"), ("entity", "loan", "account"))

    words_kind = words_column("kind", "notice")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    amount = money_column("amount_minor", "amount")
    loan = link_column(links.LOAN, "loan_id", "loan")
    account = link_column(links.SETTLEMENT, "account_id", "account")


@section(links.ENTITY, "Notices", order=80, needs=[NOTICE])
def of_entity(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show what the entity was told, the latest first."""
    more = links.list_url(NOTICE, q=entity.id)
    return _table(Notice.objects.filter(entity_id=entity.id), more=more)


@section(links.LOAN, "Notices", order=80, needs=[NOTICE])
def of_loan(_request: HttpRequest, loan: Loan) -> Table:
    """Show what the borrower was told about the loan."""
    return _table(Notice.objects.filter(entity_id=loan.entity_id, loan_id=loan.id), more="")


def _table(found: QuerySet[Notice], *, more: str) -> Table:
    rows = [
        [row.effective_date, formatting.words(row.kind),
         formatting.amount_text(row.amount_minor, row.currency),
         links.link(links.LOAN, row.loan_id), links.link(links.SETTLEMENT, row.account_id)]
        for row in found.order_by("-effective_date", "originator_id", "-originator_version")[:ROWS_MAX]
    ]  # fmt: skip
    columns = ["date", "notice", Column("amount", is_figure=True), "loan", "account"]
    return Table(columns, rows, more=more if len(rows) == ROWS_MAX else "")
