"""What stands below a loan's details: plan, what is owed, terms, repayments, accruals, events.

Owns: these tables. Refuses to know: any rule of a loan; every figure is a row that an event wrote.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.sections import Column, Facts, Table, Timeline, section
from config.admin.timeline import timeline
from ledger.accrual_models import AccrualSegment
from ledger.loan_figures import loan_figures
from ledger.models import Instalment, Loan, Repayment
from ledger.record_models import EventRecord

PARTS = ("principal", "interest", "penalty", "compound", "fee")


@section(links.LOAN, "Plan", order=10)
def plan(_request: HttpRequest, loan: Loan) -> Table:
    """Show every row of every version of the plan; rows that were replaced stay to be seen."""
    found = list(Instalment.objects.filter(loan_id=loan.id).order_by("due_on", "name"))
    found.sort(key=lambda row: row.superseded_by is not None)
    titles = (
        "opening",
        "principal",
        "interest",
        "instalment",
        "paid principal",
        "paid interest",
        "paid other",
    )
    figures = [Column(title, is_figure=True) for title in titles]
    rows = [_plan_row(row, loan.currency) for row in found]
    note = (
        f"Amounts in {loan.currency}. Other is penalty, compound interest and fee."
        " Rows that were replaced stand below the ones in force."
    )
    return Table(["row", "kind", "from", "due on", "state", *figures], rows, note=note)


def _plan_row(row: Instalment, currency: str) -> list[Any]:
    other = row.paid_penalty_minor + row.paid_compound_minor + row.paid_fee_minor
    instalment = row.principal_minor + row.interest_minor + row.fee_minor
    planned = (row.opening_minor, row.principal_minor, row.interest_minor, instalment)
    amounts = (*planned, row.paid_principal_minor, row.paid_interest_minor, other)
    figures = [formatting.amount_text(minor, currency).removesuffix(f" {currency}") for minor in amounts]
    return [row.name, formatting.words(row.kind), row.period_start, row.due_on, _row_state(row), *figures]


def _row_state(row: Instalment) -> str:
    if row.superseded_by is not None:
        return f"replaced by version {row.superseded_by}"
    if row.paid_on is not None:
        return f"paid {row.paid_on}"
    if row.penalised_on is not None:
        return "overdue, penalty runs"
    return "overdue" if row.overdue_since is not None else "open"


@section(links.LOAN, "Owed", order=15)
def owed_today(_request: HttpRequest, loan: Loan) -> Facts | None:
    """Show what the loan owes on the open business date; nothing before the payout and once it is settled."""
    debt = loan_figures(loan_id=loan.id).owed
    if debt is None:
        return None
    parts = ("principal", "interest", "penalty", "compound", "total", "due", "overdue")
    amounts = [
        (part, formatting.amount_text(getattr(debt, f"{part}_minor"), debt.currency)) for part in parts
    ]
    note = f"On {debt.on}. The total holds what has fallen due, of which a part may be overdue."
    return Facts([*amounts, ("days past due", debt.days_past_due)], note=note)


@section(links.LOAN, "Payout", order=17)
def payout(_request: HttpRequest, loan: Loan) -> Table:
    """Show each payout, and how much of what was agreed is under way or may still be called."""
    found = loan_figures(loan_id=loan.id).payout
    rows = [
        [one.part_id, formatting.words(one.status), formatting.day(one.paid_on), formatting.day(one.came_back_on),
         formatting.amount_text(one.amount_minor, loan.currency)]
        for one in found.parts
    ]  # fmt: skip
    agreed, to_call = (
        formatting.amount_text(minor, loan.currency) for minor in (found.agreed_minor, found.to_call_minor)
    )
    until = f", until {found.available_until}" if found.available_until else ""
    return Table(
        ["part", "state", "paid on", "came back on", Column("amount", is_figure=True)],
        rows,
        total=["Paid out", "", "", "", formatting.amount_text(found.paid_out_minor, loan.currency)],
        note=f"Of {agreed} agreed, {to_call} may still be called{until}.",
    )


@section(links.LOAN, "Terms", order=20)
def terms(_request: HttpRequest, loan: Loan) -> Facts | None:
    """Show the terms that were agreed on, from the event that holds them."""
    request = EventRecord.objects.filter(
        shard=loan.shard, originator_id=loan.id, originator_version=1
    ).first()
    held = request.state.get("terms") if request else None
    if not isinstance(held, dict):
        return None
    return Facts(
        [(formatting.words(name.removesuffix("_e8")), _term(name, value)) for name, value in held.items()]
    )


def _term(name: str, value: Any) -> Any:
    if name.endswith("_e8") and isinstance(value, int):
        return formatting.percent_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return " → ".join(str(item) for item in value)
    return formatting.payload(value) if isinstance(value, list | dict) else formatting.words(value)


@section(links.LOAN, "Repayments", order=30, needs=["ledger.repaymentrecord"])
def repayments(request: HttpRequest, loan: Loan) -> Table:
    """Show each payment split by what it paid."""
    found = list(Repayment.objects.filter(loan_id=loan.id).order_by("sequence"))
    names = ("amount", *PARTS, "surplus")
    rows = [
        [row.value_date, row.effective_date, _payment_words(row), formatting.words(row.reason),
         *(formatting.amount_text(getattr(row, f"{name}_minor"), row.currency) for name in names),
         links.permitted_link(request, links.SETTLEMENT, row.source_account_id) if row.source_account_id else ""]
        for row in found
    ]  # fmt: skip
    counted = [row for row in found if row.reversed_on is None]
    sums = [
        formatting.amount_text(sum(getattr(row, f"{name}_minor") for row in counted), loan.currency)
        for name in names
    ]
    figures = [Column(name, is_figure=True) for name in names]
    return Table(
        ["counts from", "recorded on", "kind", "reason", *figures, "from account"],
        rows,
        total=["Total", "", "", "", *sums, ""],
        note="By what is known now. A reversed payment keeps the split it had and is not counted.",
    )


def _payment_words(row: Repayment) -> str:
    words = formatting.words(row.kind)
    return f"{words}, reversed {row.reversed_on}" if row.reversed_on else words


@section(links.LOAN, "Accruals", order=40)
def accruals(_request: HttpRequest, loan: Loan) -> Table:
    """Show on which days the loan earns how much a day."""
    found = AccrualSegment.objects.filter(loan_id=loan.id).order_by("started_on", "key")
    rows = [
        [row.kind, row.key, row.started_on, formatting.day(row.ends_on), row.accrue_from,
         _exact(row.per_day_numerator, row), _exact(row.carry_numerator, row)]
        for row in found
    ]  # fmt: skip
    columns = ["kind", "key", "from", "until", "accrued from", Column("a day", is_figure=True),
               Column("carried over", is_figure=True)]  # fmt: skip
    note = (
        "A stretch earns its daily amount from its first day up to, not including, its last. What a stretch"
        " earns is kept as an exact fraction and rounded once; the figures here are rounded for display."
    )
    return Table(columns, rows, note=note)


def _exact(numerator: Decimal, row: AccrualSegment) -> str:
    return formatting.exact_amount_text(Fraction(int(numerator), int(row.denominator)), row.currency)


@section(links.LOAN, "Events", order=90, needs=[links.EVENT])
def events(request: HttpRequest, loan: Loan) -> Timeline:
    """Show what happened to the loan."""
    return timeline(request, shard=loan.shard, streams=[loan.id], currency=loan.currency)
