"""The chart of accounts and the trial balance.

Owns: the page that shows debits and credits of every account, on the balance sheet and below the line
apart, per currency, with their difference. Refuses to know: how the sums are made (``journal_queries``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date

from config.admin import formatting, links
from config.admin.columns import words_column
from config.admin.records import RecordAdmin
from config.admin.sections import Column, Table, section
from ledger.admin.journal import FIGURES, account_name
from ledger.domain.chart_of_accounts import CHART
from ledger.journal_queries import CurrencyTotal, TrialBalanceRow, currency_totals, trial_balance
from ledger.models import GlAccount

SIDES = {"D": "debit", "C": "credit"}


@admin.register(GlAccount)
class ChartAdmin(RecordAdmin):
    """The chart; the trial balance has an address of its own below it."""

    list_display = ("code", "words_name", "words_type", "side")
    ordering = ("code",)
    search_fields = ("code", "name")
    fields = ("code", "words_name", "words_type", "side")

    words_name = words_column("name", "name")
    words_type = words_column("account_type", "type")

    def get_urls(self) -> list[URLPattern]:
        """Add the trial balance before the addresses of single accounts."""
        view = self.admin_site.admin_view(self.trial_balance_view)
        return [path("trial-balance/", view, name="ledger_glaccount_trial_balance"), *super().get_urls()]

    @admin.display(description="normal side", ordering="normal_side")
    def side(self, account: GlAccount) -> str:
        """Return the side on which the account grows."""
        return SIDES[account.normal_side]

    def trial_balance_view(self, request: HttpRequest) -> HttpResponse:
        """Show the trial balance through a posting date."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        as_of, mistake = _asked_date(request)
        rows = trial_balance(as_of=as_of)
        context = {
            **self.admin_site.each_context(request),
            "title": "Trial balance",
            "as_of": as_of,
            "mistake": mistake,
            "tables": [_table_of(rows, total) for total in currency_totals(rows)],
        }
        return TemplateResponse(request, "admin/trial_balance.html", context)


def _asked_date(request: HttpRequest) -> tuple[date | None, str]:
    text = request.GET.get("through", "").strip()
    if not text:
        return None, ""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found, "" if found else f"{text} is not a date; the balance through today is shown."


def _table_of(rows: list[TrialBalanceRow], total: CurrencyTotal) -> dict[str, Any]:
    part = "Memo accounts, off the balance sheet" if total.off_balance else "Balance sheet and result"
    held = [row for row in rows if (row.currency, row.off_balance) == (total.currency, total.off_balance)]
    difference = formatting.amount_text(total.difference_minor, total.currency)
    return {
        "title": f"{total.currency}: {part}",
        "table": Table(
            ["account", *FIGURES, Column("balance", is_figure=True)],
            [_line(row) for row in held],
            total=["Total, and the difference of both", *_sides(total), difference],
        ),
        "is_balanced": total.difference_minor == 0,
        "difference": difference,
    }


def _line(row: TrialBalanceRow) -> list[Any]:
    name = links.anchor(links.list_url(links.ENTRY, account=row.account), account_name(row.account))
    side = CHART[row.account].normal_side
    balance = row.balance_minor if side == "D" else -row.balance_minor
    return [name, *_sides(row), f"{formatting.amount_text(balance, row.currency)} {side}"]


def _sides(row: TrialBalanceRow | CurrencyTotal) -> list[str]:
    return [formatting.amount_text(minor, row.currency) for minor in (row.debit_minor, row.credit_minor)]


@section("ledger.glaccount", "Balances", order=10)
def balances(_request: HttpRequest, account: GlAccount) -> Table:
    """Show what was posted to the account, per currency."""
    rows = [row for row in trial_balance(as_of=None) if row.account == account.code]
    lines = [[row.currency, *_line(row)[1:]] for row in rows]
    address = links.list_url(links.ENTRY, account=account.code)
    return Table(["currency", *FIGURES, Column("balance", is_figure=True)], lines, more=address)
