"""Proposing a fact of a loan: choosing its kind, filling it in, seeing what it would change, and proposing.

Owns: the pages, in this order; nothing is proposed that was not shown first as it would be. If the request, the
business day or the loan is another one by then, the effect is shown again, with the reason.
Refuses to know: which facts need two people and what they lead to; a refusal is shown at the field it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from config.admin import formatting
from config.admin.command_forms import give_command
from config.admin.links import record_url
from config.admin.looks import Look, Seen, sent, show
from config.admin.sections import Column, Table
from ledger.admin.proposal_forms import WISHES, Wish, report_of, wish_form
from ledger.commands.propose_loan_fact import ProposeLoanFact
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import RecordedRow
from ledger.loan_fact_queries import loan_account
from ledger.loan_fact_reports import reported_fact
from ledger.models import Loan
from ledger.queries import open_date_of
from ledger.what_if import WhatIf, what_if

LOOK: Final = "Show what it would change"
PROPOSE: Final = "Propose"
_FIGURES: Final = ("outstanding", "due", "overdue", "overpaid", "payoff")


def propose_view(model_admin: Any, request: HttpRequest, row: Loan) -> HttpResponse:
    """Show the kinds on offer, the form of one, or what it would change; the last step proposes."""
    wish = WISHES.get(request.GET.get("kind", ""))
    if wish is None:
        return _page(model_admin, request, row, kinds=_kinds(row))
    loan = loan_account(row.id)
    form = wish_form(wish, loan.state)(request.POST or None, initial={"key": str(uuid4())})
    done, seen = sent(request, form, lambda seen: _taken(request, row, loan, wish, form, seen))
    if done is not None:
        return done
    button = PROPOSE if seen.parts else LOOK
    return _page(
        model_admin, request, row, wish=wish, form=form, parts=seen.parts, moved=seen.moved, button=button
    )


def _taken(
    request: HttpRequest, row: Loan, loan: LoanAccount, wish: Wish, form: forms.Form, seen: Seen
) -> HttpResponse | None:
    """Propose what was shown before, or put what it would change into ``seen``. Raises what is refused."""
    report = report_of(wish, form.cleaned_data, currency=row.currency)
    fact = reported_fact(report, loan=loan.state)
    command, open_date = fact.command(row), open_date_of(row.id)
    look = Look(asked=command.fingerprint(), on=open_date, version=loan.version, subject="loan")
    if form.cleaned_data["looked"] == look.mark:
        # One form is one proposal, also when it is sent again on the next day; another wish on it is another one.
        return _proposed(request, command, key=f"{form.cleaned_data['key']}:{look.asked[:16]}")
    seen.parts.extend(_changes(what_if(loan=loan, steps=[fact], open_date=open_date)))
    seen.moved = look.moved_since(form.cleaned_data["looked"])
    show(form, look)
    return None


def _proposed(request: HttpRequest, command: RecordLoanFact, *, key: str) -> HttpResponse:
    result = give_command(
        request, ProposeLoanFact(fact=command), key=key, done="The proposal waits for another person."
    ).value()
    return HttpResponseRedirect(record_url("ledger.proposal", result["proposal_id"]))


def _changes(found: WhatIf) -> Iterator[tuple[str, Table]]:
    """Yield the loan with and without the fact, the rows that would differ, and the balances."""
    currency = found.currency

    def amount(minor: int) -> str:
        return formatting.amount_text(minor, currency)

    figures = [
        [name, *(amount(getattr(side, f"{name}_minor")) for side in (found.before, found.after)),
         amount(found.figures[f"{name}_minor"])]
        for name in _FIGURES
    ]  # fmt: skip
    columns = [Column(name, is_figure=True) for name in ("now", "then", "change")]
    yield f"The loan on {found.on}", Table(["", *columns], figures)
    rows = [[one.name, *(_row_text(row, amount) for row in (one.before, one.after))] for one in found.rows]
    yield "Rows that would differ", Table(["row", "now", "then"], rows)
    books = [[formatting.words(name), amount(minor)] for name, minor in found.books.items()]
    yield "In the books", Table(["balance", Column("change", is_figure=True)], books)


def _row_text(row: RecordedRow | None, amount: Any) -> str:
    if row is None:
        return formatting.NOTHING
    return f"{amount(row.unpaid_minor)} unpaid, due {row.due_on}"


def _kinds(row: Loan) -> list[tuple[str, str]]:
    """Return each kind with the address of its form."""
    here = reverse("admin:ledger_loan_propose", args=[row.pk])
    return [(wish.title, f"{here}?kind={name}") for name, wish in WISHES.items()]


def _page(model_admin: Any, request: HttpRequest, row: Loan, **more: Any) -> HttpResponse:
    wish = more.get("wish")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": None,
        "title": wish.title if wish else "Propose a fact",
        "explanation": "Nothing happens to the loan until another person approves it.",
        "record": row,
        "back": record_url("ledger.loan", row.pk),
        **more,
    }
    return TemplateResponse(request, "admin/propose_fact.html", context)
