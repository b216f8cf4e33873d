"""Asking for a withdrawal in the borrower's stead: the amount, what it would hold, and the request.

Owns: the page, its form, and the way there from the settlement account. Nothing is asked for that was not shown first
with the account as it would be; if the request, the business day or the account is another one by then, it is shown
again. Refuses to know: what is free and what is due; a refusal is shown at the field it names.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from config.admin import formatting, links
from config.admin.command_forms import CommandForm, give_command, try_command
from config.admin.looks import Look, LookForm, Seen, sent, show
from config.admin.sections import Column, Facts, Table, section
from config.roles import REQUEST_WITHDRAWAL
from ledger.domain.settlement_account import SettlementAccount as Account
from ledger.kernel.money import Money
from ledger.known_at import Bound, as_known
from ledger.models import SettlementAccount
from ledger.queries import open_date_of
from lending.commands.withdrawal import WithdrawFunds
from lending.models import ShopAccount

LOOK: Final = "Show what it would hold"
WITHDRAW: Final = "Withdraw"
WITHDRAWAL: Final = "ledger.withdrawal"


class WithdrawalForm(CommandForm, LookForm):
    """Asks how much is paid out."""

    amount = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"class": "command-text", "autofocus": True})
    )
    field_order = ("amount",)


def withdraw_view(model_admin: Any, request: HttpRequest, shop: ShopAccount) -> HttpResponse:
    """Show the form, or what it would hold; the last step asks for the withdrawal."""
    row = SettlementAccount.objects.filter(pk=shop.pk).first()
    if row is None:
        raise Http404(f"There is no settlement account {shop.pk}.")
    form = WithdrawalForm(request.POST or None, initial={"key": str(uuid4())})
    form.fields["amount"].help_text = f"In {row.currency}, such as 120.50."
    done, seen = sent(request, form, lambda seen: _taken(request, row, form, seen))
    if done is not None:
        return done
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": None,
        "title": "Withdraw free money",
        "explanation": f"The amount is held at once and goes to the bank account behind {shop}.",
        "form": form,
        "parts": seen.parts,
        "moved": seen.moved,
        "button": WITHDRAW if seen.parts else LOOK,
        "back": links.record_url(links.SETTLEMENT, row.pk),
    }
    return TemplateResponse(request, "admin/command_form.html", context)


def _taken(
    request: HttpRequest, row: SettlementAccount, form: WithdrawalForm, seen: Seen
) -> HttpResponse | None:
    """Ask for what was shown before, or put what it would hold into ``seen``. Raises what is refused."""
    values = form.cleaned_data
    money = Money.parse(values["amount"], currency=row.currency)
    command = WithdrawFunds(account_id=row.id, amount_minor=money.minor_units, currency=row.currency)
    key = f"{values['key']}:{command.fingerprint()[:16]}"
    account = as_known(Account, row.id, Bound())
    on = open_date_of(row.id)
    look = Look(asked=command.fingerprint(), on=on, version=account.version, subject="account")
    if values["looked"] == look.mark:
        return _asked_for(request, command, key)
    tried = try_command(request, command, key=key)
    result = tried.value()
    if tried.replayed:
        # Sent twice: the first sending moved the account, and its answer is the answer to both.
        return _asked_for(request, command, key)
    seen.parts.append((f"The account on {on}", _account_table(account, result)))
    seen.moved = look.moved_since(values["looked"])
    show(form, look)
    return None


def _asked_for(request: HttpRequest, command: WithdrawFunds, key: str) -> HttpResponse:
    done = "The withdrawal is asked for; its amount is held until the bank has answered."
    result = give_command(request, command, key=key, done=done).value()
    return HttpResponseRedirect(links.record_url(WITHDRAWAL, result["withdrawal_id"]))


def _account_table(account: Account, then: dict[str, Any]) -> Table:
    """Return the account as it is, and as it would be when the amount is held."""
    state = account.state
    sides = [
        ("balance", state.balance_minor, then["balance_minor"]),
        ("held", state.reserved_minor, then["balance_minor"] - then["available_minor"]),
        ("free", account.available_minor, then["available_minor"]),
    ]
    rows = [[name, *(formatting.amount_text(minor, state.currency) for minor in two)] for name, *two in sides]
    return Table(["", Column("now", is_figure=True), Column("then", is_figure=True)], rows)


@section(links.SETTLEMENT, "Free money", order=15)
def free_money(request: HttpRequest, account: SettlementAccount) -> Facts | None:
    """Lead whoever may ask for a withdrawal to its form."""
    user: Any = request.user
    if not user.has_perm(REQUEST_WITHDRAWAL):
        return None
    free = formatting.amount_text(account.balance_minor - account.reserved_minor, account.currency)
    way = links.anchor(reverse("admin:lending_shopaccount_withdraw", args=[account.id]), "Withdraw")
    note = "What is free can be paid out to the borrower's bank, unless something is due on a loan of the entity."
    return Facts([("free", free), ("pay out", way)], note=note)
