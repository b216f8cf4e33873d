"""Two questions on a loan's page: how it stood on a day by what was known then, and why a balance is what it is.

Owns: the fields of the questions and the tables of the answers. Refuses to know: how an answer is derived.
Nothing is worked out until somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.sections import Asked, Column, Facts, Question, Table, section
from ledger.admin.moments import in_utc
from ledger.domain.loan_record import RecordedRow
from ledger.explanations import COMPONENTS, Explanation, explanation
from ledger.kernel.refusals import Refusal
from ledger.loan_positions import PositionShown, position_shown
from ledger.models import Loan
from ledger.record_models import POSITION_BITS

_BUCKETS: Final = ("principal", "interest", "penalty", "compound", "fee")


@section(links.LOAN, "Time machine", order=70)
def time_machine(request: HttpRequest, loan: Loan) -> Asked:
    """Show the loan on a day by what was recorded up to a moment."""
    day, moment = request.GET.get("as_of", ""), request.GET.get("known_at", "")
    asked = Asked(
        [
            Question("as_of", "as of", day, kind="date"),
            Question("known_at", "known at (UTC)", moment, kind="datetime-local"),
        ],
        button="Show",
        note="How the loan stood on a day, by the facts that had been recorded up to a moment. Without a day it is"
        " the open business date; without a moment everything counts that is known by now.",
    )
    if day or moment:
        try:
            asked.parts = list(_position_parts(_position(loan, day, moment)))
        except ValueError:
            asked.error = "A day is written YYYY-MM-DD, a moment YYYY-MM-DDThh:mm."
        except Refusal as refusal:
            asked.error = f"{refusal.message} ({refusal.code})"
    return asked


def _position(loan: Loan, day: str, moment: str) -> PositionShown:
    known_at = in_utc(datetime.fromisoformat(moment)) if moment else None
    return position_shown(loan_id=loan.id, as_of=date.fromisoformat(day) if day else None, known_at=known_at)


def _position_parts(position: PositionShown) -> Iterator[tuple[str, Table | Facts]]:
    amount = _amounts(position.currency)
    figures = ("outstanding", "due", "overdue", "overpaid", "payoff")
    yield (
        f"On {position.as_of}",
        Facts(
            [
                ("status", formatting.words(position.status)),
                ("category", formatting.words(position.category)),
                ("days past due", position.days_past_due),
                *((name, amount(getattr(position, f"{name}_minor"))) for name in figures),
                *((f"owed, {name}", amount(getattr(position.owed, f"{name}_minor"))) for name in _BUCKETS),
                ("income stopped on", formatting.day(position.non_accrual_since)),
                ("facts that count", position.facts),
            ]
        ),
    )
    yield "Rows", _rows_table(position)
    yield "Payments", _payments_table(position)
    books = [(formatting.words(name), amount(minor)) for name, minor in position.books.balances() if minor]
    yield "Books", Facts(books)


def _rows_table(position: PositionShown) -> Table:
    amount = _amounts(position.currency)
    columns = ["row", "kind", "due on", "settled on", *(Column(name, is_figure=True) for name in
               ("principal", "interest", "fee", "paid", "waived"))]  # fmt: skip
    return Table(columns, [_row(row, amount) for row in position.rows])


def _row(row: RecordedRow, amount: Any) -> list[Any]:
    asked = row.asked
    amounts = (asked.principal_minor, asked.interest_minor, asked.fee_minor)
    gone = (row.paid.total_minor, row.waived.total_minor)
    return [row.name, formatting.words(row.kind), row.due_on, formatting.day(row.settled_on),
            *(amount(minor) for minor in (*amounts, *gone))]  # fmt: skip


def _payments_table(position: PositionShown) -> Table:
    amount = _amounts(position.currency)
    rows = [
        [payment.value_date, formatting.words(payment.kind), amount(payment.amount_minor),
         ", ".join(f"{share.row}: {amount(share.given.total_minor)}" for share in payment.shares)]
        for payment in position.payments
    ]  # fmt: skip
    return Table(["counts from", "kind", Column("amount", is_figure=True), "given to rows"], rows)


@section(links.LOAN, "Why", order=75, needs=[links.EVENT])
def why(request: HttpRequest, loan: Loan) -> Asked:
    """Show what sums to a balance of the loan."""
    named = request.GET.get("component", "")
    asked = Asked(
        [
            Question(
                "component",
                "balance",
                named,
                options=[(name, formatting.words(name)) for name in COMPONENTS],
            )
        ],
        button="Explain",
        note="Every posting that made a balance of this loan, and what the closes of days added to it.",
    )
    if named in COMPONENTS:
        asked.parts = list(_explanation_parts(request, explanation(loan=loan, component=named)))
    elif named:
        asked.error = "There is no such balance."
    return asked


def _explanation_parts(request: HttpRequest, found: Explanation) -> Iterator[tuple[str, Table | Facts]]:
    amount = _amounts(found.currency)
    yield (
        f"{formatting.words(found.component)} on {found.as_of}".capitalize(),
        Facts(
            [
                ("account", f"{found.account}, grows on the {found.side} side"),
                ("product", f"{found.product_code}, version {found.product_version}"),
                ("balance", amount(found.balance_minor)),
                ("sum of the lines below", amount(found.total_minor)),
            ]
        ),
    )
    figure = Column("amount", is_figure=True)
    postings = [
        [one.posting_date, formatting.day(one.value_date), _entry(request, one.shard, one.pos),
         formatting.words(one.kind or one.topic), one.reason, one.actor, formatting.words(one.command),
         amount(one.amount_minor)]
        for one in found.postings
    ]  # fmt: skip
    columns = ["posted on", "counts from", "entry", "what", "reason", "who", "command", figure]
    yield "Postings", Table(columns, postings)
    months = [
        [one.month.strftime("%Y-%m"), formatting.words(one.kind), one.days, amount(one.amount_minor)]
        for one in found.accruals
    ]
    yield "Closes of days", Table(["month", "kind", "days", figure], months)


def _entry(request: HttpRequest, shard: int, pos: int) -> Any:
    return links.permitted_link(request, links.ENTRY, (shard << POSITION_BITS) + pos, f"{shard}/{pos}")


def _amounts(currency: str) -> Any:
    return lambda minor: formatting.amount_text(minor, currency)
