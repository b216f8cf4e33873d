"""Shop accounts: the list, and the page with turnover and the orders that are its evidence.

Owns: these pages, and the address of the form that pays out free money. Refuses to know: the money held for a shop
beyond the link to it, and how a withdrawal is asked for (``withdrawing``).
"""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse

from config.admin import formatting, links
from config.admin.columns import full_id_column, link_column
from config.admin.filters import choice_filter
from config.admin.library import action
from config.admin.records import EntityRecordAdmin
from config.admin.sections import Column, Table, section
from config.roles import REQUEST_WITHDRAWAL
from ledger.models import SettlementAccount
from lending.admin.withdrawing import withdraw_view
from lending.models import OrderLine, SalesMonth, ShopAccount

ORDERS_SHOWN = 100


@admin.register(ShopAccount)
class ShopAccountAdmin(EntityRecordAdmin):
    """Search by the platform's identifier, or by the identifier of an account or entity."""

    list_display = (
        "external_id",
        "platform",
        "role",
        "entity",
        "opened_on",
        "linked_on",
        "consent_granted_on",
    )
    list_filter = (choice_filter("role", "role", ("master", "sub")),)
    ordering = ("platform", "external_id")
    search_fields = ("external_id", "platform")
    search_ids = ("id", "entity_id")
    search_help_text = "A platform's identifier, an entity's reference, or an identifier"
    fields = (("platform", "external_id", "role"), ("entity", "whole_id", "settlement"),
              ("opened_on", "linked_on", "consent_granted_on"))  # fmt: skip
    actions_detail = ("withdraw",)

    whole_id = full_id_column("id", "account")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    settlement = link_column(links.SETTLEMENT, "id", "settlement account")

    def has_request_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Say whether somebody may ask for a withdrawal; the action asks for it by this name."""
        return bool(request.user.has_perm(REQUEST_WITHDRAWAL))

    @action(description="Withdraw", url_path="withdraw", icon="payments", permissions=["request"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pay free money of the account out to the borrower's bank."""
        shop = self.get_object(request, object_id)
        if shop is None:
            raise Http404(f"There is no shop account {object_id}.")
        return withdraw_view(self, request, shop)


@section(links.ACCOUNT, "Turnover", order=10)
def turnover(_request: HttpRequest, account: ShopAccount) -> Table:
    """Show what was sold per month."""
    currency = SettlementAccount.objects.filter(pk=account.id).values_list("currency", flat=True).first()
    rows = [
        [row.month, row.orders, formatting.amount_text(row.amount_minor, currency)]
        for row in SalesMonth.objects.filter(account_id=account.id).order_by("-month")
    ]
    return Table(["month", Column("orders", is_figure=True), Column("goods sold", is_figure=True)], rows)


@section(links.ACCOUNT, "Orders", order=20)
def orders(_request: HttpRequest, account: ShopAccount) -> Table:
    """Show the latest order lines."""
    found = OrderLine.objects.filter(account_id=account.id).order_by("-shipped_at", "order_id", "line")
    rows = [
        [row.order_id, row.line, formatting.moment(row.shipped_at),
         formatting.amount_text(row.goods_minor, row.currency),
         formatting.amount_text(row.freight_minor, row.currency)]
        for row in found[:ORDERS_SHOWN]
    ]  # fmt: skip
    figures = [Column("goods", is_figure=True), Column("freight", is_figure=True)]
    return Table(
        ["order", "line", "shipped at", *figures], rows, note=f"The latest {ORDERS_SHOWN} order lines."
    )
