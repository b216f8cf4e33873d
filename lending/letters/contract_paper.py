"""The contract letter as values and as a paper.

Owns: names, titles and sentences. Refuses to know: how the figures are found.
"""

from __future__ import annotations

from typing import Any, Final

from config.admin.formatting import amount_text, percent_text, words
from config.documents.paper import Column, Facts, Grid, Note, Paper
from config.documents.parties import borrower, lender
from ledger.calculators.wording import percent
from ledger.kernel.money import Money
from ledger.kernel.rates import format_rate
from lending.letters.contract import Contract, PlanRow

RATE_NOTE: Final = (
    "The annual rate is the internal rate of return of the payout and all payments of the plan on their dates,"
    " compound, by days over 365. The simple annual rate is all interest over the principal in use. Both hold if"
    " every row is paid on its due date; there are no other fees."
)
PLAN_COLUMNS: Final = (
    Column("Row", 6),
    Column("From", 14),
    Column("Due on", 14),
    *(Column(title, 16, is_figure=True) for title in ("Opening", "Principal", "Interest", "To pay")),
)


def contract_values(found: Contract) -> dict[str, Any]:
    """Return the letter as JSON values."""
    terms = found.terms
    return {
        "lender": lender(),
        "borrower": borrower(found.entity_id),
        "entity_id": str(found.entity_id),
        "loan_id": str(found.loan_id),
        "line_id": str(found.line_id),
        "account_id": str(found.account_id),
        "product_code": terms.product_code,
        "product_version": terms.product_version,
        "method": terms.method,
        "requested_on": found.requested_on.isoformat(),
        "paid_out_on": found.paid_out_on.isoformat(),
        "last_due_on": found.rows[-1].due_on.isoformat(),
        "currency": found.currency,
        "principal": _plain(found, found.principal_minor),
        "interest": _plain(found, found.interest_minor),
        "total": _plain(found, found.total_minor),
        "annual_rate_irr_percent": percent(found.compound_rate),
        "annual_rate_simple_percent": percent(found.simple_rate),
        "contract_rate": format_rate(terms.annual_rate_e8),
        "penalty_rate": format_rate(terms.penalty_rate_e8),
        "early_fee_rate": format_rate(terms.early_fee_e8),
        "grace_days": terms.grace_days,
        "plan": [_row_values(found, row) for row in found.rows],
    }


def contract_paper(found: Contract) -> Paper:
    """Return the letter for reading."""
    return Paper(
        title="Loan contract",
        subtitle=f"loan {found.loan_id}",
        stated_at=found.signed_at,
        blocks=[
            Facts(
                [
                    ("Annual rate (IRR)", f"{percent(found.compound_rate)}%"),
                    ("Annual rate, simple", f"{percent(found.simple_rate)}%"),
                ],
                leading=1,
            ),
            Facts(_parties(found), title="Parties"),
            Facts(_terms(found), title="Terms"),
            _plan(found),
            Note(RATE_NOTE),
        ],
    )


def _parties(found: Contract) -> list[tuple[str, str]]:
    return [
        ("Lender", lender()),
        ("Borrower", borrower(found.entity_id)),
        ("Credit line", str(found.line_id)),
        ("Paid to and debited from", f"settlement account {found.account_id}"),
    ]


def _terms(found: Contract) -> list[tuple[str, str]]:
    terms = found.terms
    agreed = ("Amount agreed, paid out in parts", amount_text(found.agreed_minor, found.currency))
    return [
        *([agreed] if found.agreed_minor != found.principal_minor else []),
        ("Amount", amount_text(found.principal_minor, found.currency)),
        ("Total interest", amount_text(found.interest_minor, found.currency)),
        ("Total to pay", amount_text(found.total_minor, found.currency)),
        ("Product", f"{terms.product_code}, version {terms.product_version}, {words(terms.method)}"),
        ("Requested on", str(found.requested_on)),
        ("Paid out on", str(found.paid_out_on)),
        ("Last due date", str(found.rows[-1].due_on)),
        ("Contract rate", f"{percent_text(terms.annual_rate_e8)} a year, over {terms.day_base} days"),
        ("Penalty rate", f"{percent_text(terms.penalty_rate_e8)} a year on what is overdue"),
        ("Days of grace", str(terms.grace_days)),
        ("Fee for paying early", f"{percent_text(terms.early_fee_e8)} of the principal repaid early"),
    ]


def _plan(found: Contract) -> Grid:
    rows = [
        [
            *(str(row.number), str(row.starts_on), str(row.due_on)),
            *(
                _grouped(found, minor)
                for minor in (row.opening_minor, row.principal_minor, row.interest_minor, row.total_minor)
            ),
        ]
        for row in found.rows
    ]
    sums = [sum(row.principal_minor for row in found.rows), found.interest_minor, found.total_minor]
    total = ["Total", "", "", "", *(_grouped(found, minor) for minor in sums)]
    title = f"Repayment plan, {found.currency}"
    return Grid(PLAN_COLUMNS, [*rows, total], title=title, strong=frozenset({len(rows)}))


def _row_values(found: Contract, row: PlanRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "starts_on": row.starts_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "opening": _plain(found, row.opening_minor),
        "principal": _plain(found, row.principal_minor),
        "interest": _plain(found, row.interest_minor),
        "total": _plain(found, row.total_minor),
    }


def _plain(found: Contract, minor: int) -> str:
    return Money(minor, found.currency).as_text()


def _grouped(found: Contract, minor: int) -> str:
    return amount_text(minor, found.currency).removesuffix(f" {found.currency}")
