"""The sidebar: which lists there are, in the order in which work runs through them.

Owns: groups, titles and icons. Refuses to know: permissions of its own; an entry is shown to whoever may
see its list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from config.admin.links import list_url, may_view

TRIAL_BALANCE: Final = "Trial balance"
GENERAL_LEDGER: Final = "General ledger"
TIE_OUT: Final = "Tie-out"
FUNDING: Final = "Funding report"
CATALOGUE: Final = "Product catalogue"
PROGRESS: Final = "Progress of the close"
# Entries that lead to a page below a list instead of the list.
_PAGES: Final = {
    TRIAL_BALANCE: "admin:ledger_glaccount_trial_balance",
    GENERAL_LEDGER: "admin:ledger_glaccount_general_ledger",
    TIE_OUT: "admin:ledger_glaccount_tie_out",
    FUNDING: "admin:ledger_glaccount_funding",
    CATALOGUE: "admin:ledger_productrecord_catalogue",
    PROGRESS: "admin:ledger_dayrecord_progress",
}
_GROUPS: Final = (
    (
        "Borrowers",
        (
            ("Legal entities", "lending.legalentity", "domain"),
            ("Shop accounts", "lending.shopaccount", "storefront"),
            ("Order imports", "lending.orderimport", "upload_file"),
            ("Applications", "lending.application", "assignment"),
            ("Credit lines", "lending.creditline", "credit_score"),
        ),
    ),
    (
        "Loans",
        (
            ("Loans", "ledger.loan", "request_quote"),
            ("Proposals", "ledger.proposal", "how_to_reg"),
            ("Repayments", "ledger.repaymentrecord", "payments"),
            ("Settlement accounts", "ledger.settlementaccount", "account_balance_wallet"),
            ("Receipts", "ledger.receiptrecord", "move_to_inbox"),
            ("Withdrawals", "ledger.withdrawal", "outbox"),
            (CATALOGUE, "ledger.productrecord", "menu_book"),
            ("Saved products", "ledger.productrecord", "inventory_2"),
        ),
    ),
    (
        "Collections",
        (
            ("Automatic debits", "lending.debitrecord", "event_repeat"),
            ("Overdue instalments", "collection.overduerecord", "running_with_errors"),
            ("Notices", "collection.noticerecord", "mail"),
            ("Blacklist", "lending.blacklistentry", "block"),
        ),
    ),
    (
        "Books",
        (
            ("Journal entries", "ledger.journalrecord", "menu_book"),
            (TRIAL_BALANCE, "ledger.glaccount", "balance"),
            (GENERAL_LEDGER, "ledger.glaccount", "auto_stories"),
            (TIE_OUT, "ledger.glaccount", "rule"),
            (FUNDING, "ledger.glaccount", "pie_chart"),
            ("Chart of accounts", "ledger.glaccount", "account_tree"),
            ("Day close", "ledger.dayrecord", "event_available"),
            ("Closed months", "ledger.periodclose", "lock_clock"),
            (PROGRESS, "ledger.dayrecord", "pending_actions"),
        ),
    ),
    (
        "Operations",
        (
            ("Event log", "ledger.eventrecord", "history"),
            ("Outbox", "ledger.esoutbox", "outbox"),
            ("Sandbox bank", "lending.sandboxpayment", "science"),
            ("Schedules", "django_celery_beat.periodictask", "schedule"),
        ),
    ),
    (
        "Access",
        (
            ("Users", "auth.user", "person"),
            ("Roles", "auth.group", "group"),
            ("Borrower memberships", "lending.membership", "badge"),
            ("Machine clients", "allauth_idp_oidc.client", "key"),
            ("Tokens", "allauth_idp_oidc.token", "vpn_key"),
            ("Failed sign-ins", "axes.accessattempt", "lock"),
            ("Sign-ins", "axes.accesslog", "login"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links that a person may follow."""
    home: dict[str, Any] = {"title": "Overview", "icon": "dashboard", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"title": "", "items": [home]}]
    for title, entries in _GROUPS:
        items = list(_items(request, entries))
        if items:
            groups.append({"title": title, "items": items, "separator": True})
    return groups


def stylesheet(_request: HttpRequest) -> str:
    """Return the address of the admin's own styles."""
    return static("loanbook/admin.css")


def icon(_request: HttpRequest) -> str:
    """Return the address of the icon a browser shows beside the title."""
    return static("loanbook/icon.svg")


def _items(request: HttpRequest, entries: tuple[tuple[str, str, str], ...]) -> Iterator[dict[str, Any]]:
    for title, label, icon in entries:
        if may_view(request, label):
            address = _address(title, label)
            yield {"title": title, "icon": icon, "link": address, "active": _is_active(request, address)}


def _is_active(request: HttpRequest, address: str) -> bool:
    """Say whether the page is the entry's; some pages lie below the address of a list and are none of it."""
    below = {reverse(name) for name in _PAGES.values()}
    return request.path == address or (request.path.startswith(address) and request.path not in below)


def _address(title: str, label: str) -> str:
    return reverse(_PAGES[title]) if title in _PAGES else list_url(label)
