"""The chart of accounts, and the pages about balances that lie below it.

Owns: the addresses of trial balance, general ledger, postings of an account, tie-out and funding report, and who
may open them: whoever may see the chart. Refuses to know: how a figure is made or laid out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from config.admin.columns import words_column
from config.admin.records import RecordAdmin
from config.admin.sections import Table, section
from ledger.account_balances import trial_balance
from ledger.admin.account_postings import statement_page
from ledger.admin.funding import funding_tables
from ledger.admin.journal import FIGURES, account_name
from ledger.admin.moments import Asked, read_asked
from ledger.admin.tie_out import tie_out_tables
from ledger.admin.trial_balance import BALANCE, balance_line, balance_tables, ledger_tables, statement_url
from ledger.book_moment import BookMoment
from ledger.domain.chart_of_accounts import CHART, parent_of
from ledger.kernel.refusals import Refusal
from ledger.models import GlAccount

SIDES = {"D": "debit", "C": "credit"}
Tables = list[dict[str, Any]]


@admin.register(GlAccount)
class ChartAdmin(RecordAdmin):
    """The chart; the pages about balances have addresses of their own below it."""

    list_display = ("code", "words_name", "words_type", "side", "summed_into")
    ordering = ("code",)
    search_fields = ("code", "name")
    fields = ("code", "words_name", "words_type", "side", "summed_into")

    words_name = words_column("name", "name")
    words_type = words_column("account_type", "type")

    def get_urls(self) -> list[URLPattern]:
        """Add the pages before the addresses of single accounts."""
        return [
            self._page("trial-balance/", "trial_balance", self.trial_balance_view),
            self._page("general-ledger/", "general_ledger", self.general_ledger_view),
            self._page("tie-out/", "tie_out", self.tie_out_view),
            self._page("funding-report/", "funding", self.funding_view),
            self._page("<str:code>/postings/", "postings", self.postings_view),
            *super().get_urls(),
        ]

    @admin.display(description="normal side", ordering="normal_side")
    def side(self, account: GlAccount) -> str:
        """Return the side on which the account grows."""
        return SIDES[account.normal_side]

    @admin.display(description="summed into")
    def summed_into(self, account: GlAccount) -> str | None:
        """Return the account above a sub-account."""
        parent = parent_of(account.code)
        return account_name(parent) if parent != account.code else None

    def trial_balance_view(self, request: HttpRequest) -> HttpResponse:
        """Show the trial balance through a date, as known at a moment."""
        return self._balances(request, "Trial balance", balance_tables, fields=("through", "known_at", "by"))

    def general_ledger_view(self, request: HttpRequest) -> HttpResponse:
        """Show every account over a period."""
        fields = ("from", "through", "known_at", "by")
        return self._balances(request, "General ledger", ledger_tables, fields=fields)

    def funding_view(self, request: HttpRequest) -> HttpResponse:
        """Show what is out by the parties that fund it."""
        return self._balances(request, "Funding report", funding_tables, fields=("through", "known_at", "by"))

    def tie_out_view(self, request: HttpRequest) -> HttpResponse:
        """Show the general ledger beside its sub-ledgers."""
        return self._balances(request, "Tie-out", lambda _asked: tie_out_tables(), fields=())

    def postings_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the postings of an account."""
        if code not in CHART:
            raise Http404(f"There is no account {code}.")
        fields = (
            "from",
            "through",
            "known_at",
            "by",
            "loan_id",
            "settlement_account_id",
            "entity_id",
            "product_code",
        )
        title = f"Postings of {account_name(code)}"
        return self._balances(
            request, title, lambda asked: statement_page(request, code, asked), fields=fields
        )

    def _balances(
        self, request: HttpRequest, title: str, tables: Callable[[Asked], Tables], *, fields: tuple[str, ...]
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = read_asked(request)
        found: Tables = []
        try:
            found = tables(asked)
        except Refusal as refusal:
            asked.mistakes.append(refusal.message)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "asked": asked,
            "fields": fields,
            "tables": found,
        }
        return TemplateResponse(request, "admin/balances.html", context)

    def _page(self, address: str, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        return path(address, self.admin_site.admin_view(view), name=f"ledger_glaccount_{name}")


@section("ledger.glaccount", "Balances", order=10)
def balances(_request: HttpRequest, account: GlAccount) -> Table:
    """Show what was posted to the account, per currency, and lead to the postings."""
    rows = [
        row
        for top in trial_balance(moment=BookMoment())
        for row in ((top,) if parent_of(account.code) == account.code else top.sub_accounts)
        if row.account == account.code
    ]
    return Table(
        ["currency", *FIGURES, BALANCE],
        [[row.currency, *balance_line(row)] for row in rows],
        more=statement_url(account.code),
        more_text="Postings",
    )
