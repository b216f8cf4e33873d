"""What a proposal asks for: for each kind of fact that needs two people, the fields of its form.

Owns: the kinds on offer, their fields and words, and the report that a filled-in form is.
Refuses to know: notation, bounds and rules. The report is read as one over the API is, and whoever refuses a
field names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms

from config.admin import formatting
from config.admin.command_forms import CommandForm, ReasonForm
from config.admin.looks import LookForm
from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.facts import ChangeKind, OpenInterest, PaymentKind

TEXT: Final = {"class": "command-text"}


@dataclass(frozen=True)
class Wish:
    """One kind of fact on offer: its title, its fields beyond day and reason, and what is said of it anyway."""

    kind: FactKind
    title: str
    fields: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


WISHES: Final = {
    wish.kind.value: wish
    for wish in (
        Wish(FactKind.PENALTY_WAIVED, "Waive penalty", ("amount",)),
        Wish(FactKind.INTEREST_WAIVED, "Waive interest", ("amount",)),
        Wish(FactKind.CHARGE_WAIVED, "Waive a charge", ("of", "amount")),
        Wish(FactKind.CHARGE_ADJUSTED, "Lower a charge", ("of", "amount")),
        Wish(
            FactKind.PAYMENT_RECEIVED,
            "Give a goodwill credit",
            ("amount",),
            {"payment": PaymentKind.GOODWILL_CREDIT.value},
        ),
        Wish(FactKind.CHANGE_UNDONE, "Undo a charge", ("of",)),
        Wish(FactKind.PAYMENT_REVERSED, "Reverse a payment of a lost loan", ("of",)),
        Wish(FactKind.CHARGEBACK, "Book a chargeback of a sold loan", ("of", "amount")),
        Wish(FactKind.REFUNDED, "Refund an overpayment", ("amount",)),
        Wish(
            FactKind.PLAN_CHANGED,
            "Plan again and forgive open interest",
            ("change", "annual_rate", "term", "takes_overdue"),
            {"open_interest": OpenInterest.FORGIVEN.value},
        ),
        Wish(FactKind.SETTLED_AT_DISCOUNT, "Settle for less"),
        Wish(FactKind.CHARGED_OFF, "Charge off"),
        Wish(FactKind.WRITTEN_OFF, "Write off"),
        Wish(FactKind.SOLD, "Sell to a buyer", ("price", "buyer")),
        Wish(FactKind.SALE_UNDONE, "Take back from the buyer", ("of",)),
    )
}
# Fields that a report has inside another one.
PLAN_FIELDS: Final = ("annual_rate", "term")


class WishForm(ReasonForm, LookForm):
    """Asks for what every fact has: from when it counts, and why."""

    value_date = forms.DateField(
        required=False,
        label="Counts from",
        widget=forms.DateInput(attrs={"type": "date", **TEXT}),
        help_text="A value date; the open business date, if left empty.",
    )


def wish_form(wish: Wish, loan: LoanState) -> type[CommandForm]:
    """Return the form of a kind of fact about a loan, with the fields that a report of it has."""
    names = wish.fields
    if loan.contract.is_revolving and wish.kind is FactKind.PLAN_CHANGED:
        names = ("change", "due_on")  # open draws have no plan; they fall due together
    made = {name: _field(name, loan, wish.kind) for name in names}
    order = (*names, "value_date", "reason")
    return type("WishForm", (WishForm,), {**made, "field_order": order})


def report_of(wish: Wish, values: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Return the filled-in form as a report over the API would be; empty fields are absent."""
    # A term of 0 is an answer, and a wrong one; a box that is not ticked is none.
    given = {name: value for name, value in values.items() if value not in (None, "") and value is not False}
    report = {"kind": wish.kind.value, "reason": given["reason"], **wish.said}
    if "value_date" in given:
        report["value_date"] = given["value_date"].isoformat()
    for name in ("amount", "price", "buyer", "of", "change", "due_on", "takes_overdue"):
        if name in given:
            report[name] = given[name]
    if "amount" in given or "price" in given:
        report["currency"] = currency
    plan = {name: given[name] for name in PLAN_FIELDS if name in given}
    return {**report, "plan": plan} if plan else report


def _field(name: str, loan: LoanState, kind: FactKind) -> forms.Field:
    if name == "of" and kind is FactKind.SALE_UNDONE:
        return forms.ChoiceField(label="Sale", choices=_sales(loan))
    if name == "of" and kind in (FactKind.PAYMENT_REVERSED, FactKind.CHARGEBACK):
        return forms.ChoiceField(label="Payment", choices=_payments(loan))
    if name == "of":
        return forms.ChoiceField(label="Charge", choices=_charges(loan))
    if name == "change":
        return forms.ChoiceField(choices=[(kind.value, formatting.words(kind)) for kind in ChangeKind])
    if name == "takes_overdue":
        return forms.BooleanField(required=False, label="Plan overdue rows again as well")
    if name == "term":
        return forms.IntegerField(label="Rows of the new plan", widget=forms.NumberInput(attrs=TEXT))
    label, text = _ASKED[name]
    shape = {"type": "date"} if name == "due_on" else {}
    return forms.CharField(
        required=name != "amount",
        label=label,
        help_text=text.format(currency=loan.contract.currency),
        widget=forms.TextInput(attrs={**TEXT, **shape}),
    )


_ASKED: Final = {
    "amount": ("Amount", "In {currency}, such as 120.50; a waiver without it is of everything."),
    "price": ("Price", "What the buyer pays, in {currency}."),
    "buyer": ("Buyer", "The name or reference of who buys the loan."),
    "annual_rate": ("Rate of the new plan", "A share of one: 0.12 is 12 % a year."),
    "due_on": ("Falls due on", ""),
}


def _charges(loan: LoanState) -> list[tuple[str, str]]:
    """Return the charges of a loan, latest first, each as a choice that can be told from the others."""
    currency = loan.contract.currency
    return [
        (
            fact.id,
            f"{formatting.amount_text(fact.amount_minor, currency)} due {fact.details.get('due_on')}, {fact.reason}",
        )
        for _, fact in reversed(loan.facts)
        if fact.kind is FactKind.CHARGE_ADDED
    ]


def _sales(loan: LoanState) -> list[tuple[str, str]]:
    """Return the sales of a loan, latest first, each by its day, price and buyer."""
    sales = [fact for _, fact in reversed(loan.facts) if fact.kind is FactKind.SOLD]
    prices = [formatting.amount_text(fact.amount_minor, loan.contract.currency) for fact in sales]
    return [
        (fact.id, f"{fact.value_date} to {fact.details.get('buyer')} for {price}")
        for fact, price in zip(sales, prices, strict=True)
    ]


def _payments(loan: LoanState) -> list[tuple[str, str]]:
    """Return the payments and recoveries of a loan, latest first, each by its day and amount."""
    paid = [
        fact
        for _, fact in reversed(loan.facts)
        if fact.kind in (FactKind.PAYMENT_RECEIVED, FactKind.RECOVERED)
    ]
    amounts = [formatting.amount_text(fact.amount_minor, loan.contract.currency) for fact in paid]
    return [(fact.id, f"{amount} of {fact.value_date}") for fact, amount in zip(paid, amounts, strict=True)]
