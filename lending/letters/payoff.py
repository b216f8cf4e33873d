"""The payoff letter: what pays a loan off on each of some days.

Owns: one quote per day, as the books quote it, and the letter's values and paper.
Refuses to know: how a quote is calculated; it is the one that the payoff itself takes on that day, as long as
nothing else is booked on the loan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from config.admin.formatting import amount_text
from config.documents.paper import Column, Facts, Grid, Note, Paper
from config.documents.parties import borrower, lender
from ledger import queries
from ledger.eventstore.consistent_view import one_view
from ledger.kernel.money import Money
from ledger.loan_figures import Quote, payoff_quote
from ledger.queries import Scope

DAYS_MAX: Final = 31
PARTS: Final = {
    "due": "Due by then",
    "principal_to_come": "Principal to come",
    "interest": "Interest to the day",
    "charges_to_come": "Charges to come",
    "early_fee": "Fee for paying early",
    "total": "Total",
}
NOTE: Final = (
    "Each total is valid on its date and on no other, and pays everything that is owed on the loan then. A payment"
    " or any other change of the loan before that date makes a new letter necessary."
)


@dataclass(frozen=True)
class PayoffLetter:
    """Quotes of consecutive days. ``stated_at`` is the moment of the loan's last fact."""

    loan_id: UUID
    entity_id: UUID
    product_code: str
    stated_at: datetime
    stated_on: date
    quotes: tuple[Quote, ...]


def payoff_letter(*, scope: Scope, loan_id: UUID, on: date | None, days: int) -> PayoffLetter:
    """Return quotes from a day on. Refuses NotFound, QuoteDatePassed, QuoteDateTooFar, and wrong states."""
    with one_view():
        loan = queries.loan(scope=scope, loan_id=loan_id)
        opened = queries.open_date_of(loan.id)
        first = on or opened
        quotes = tuple(payoff_quote(loan_id=loan.id, on=first + timedelta(days=day)) for day in range(days))
        facts = queries.timeline(loan_id=loan.id).order_by("-originator_version")
        stated_at = facts.values_list("recorded_at", flat=True)[0]
    return PayoffLetter(loan.id, loan.entity_id, loan.product_code, stated_at, opened, quotes)


def payoff_values(letter: PayoffLetter) -> dict[str, Any]:
    """Return the letter as JSON values."""
    return {
        "lender": lender(),
        "borrower": borrower(letter.entity_id),
        "entity_id": str(letter.entity_id),
        "loan_id": str(letter.loan_id),
        "product_code": letter.product_code,
        "stated_on": letter.stated_on.isoformat(),
        "currency": letter.quotes[0].currency,
        "quotes": [
            {
                "valid_on": quote.valid_on.isoformat(),
                **{name: Money(_part(quote, name), quote.currency).as_text() for name in PARTS},
            }
            for quote in letter.quotes
        ],
    }


def payoff_paper(letter: PayoffLetter) -> Paper:
    """Return the letter for reading."""
    first, currency = letter.quotes[0], letter.quotes[0].currency
    columns = [Column("Valid on", 14), *(Column(title, 15, is_figure=True) for title in PARTS.values())]
    rows = [
        [str(quote.valid_on), *(amount_text(_part(quote, name), currency).split(" ")[0] for name in PARTS)]
        for quote in letter.quotes
    ]
    return Paper(
        title="Payoff letter",
        subtitle=f"loan {letter.loan_id}",
        stated_at=letter.stated_at,
        blocks=[
            Facts(
                [(f"Pays the loan off on {first.valid_on}", amount_text(first.total_minor, currency))],
                leading=1,
            ),
            Facts(
                [
                    ("Lender", lender()),
                    ("Borrower", borrower(letter.entity_id)),
                    ("Product", letter.product_code),
                    ("Stated on", f"{letter.stated_on}, the lender's business date"),
                ]
            ),
            Grid(columns, rows, title=f"What pays the loan off, {currency}"),
            Note(NOTE),
        ],
    )


def _part(quote: Quote, name: str) -> int:
    minor: int = getattr(quote, f"{name}_minor")
    return minor
