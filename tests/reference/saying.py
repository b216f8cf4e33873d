"""What is compared of a loan, said once by the reference and once by the product, in the same words."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.servicing import deriving
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.position import Position, PositionRow
from ledger.domain.servicing.terms import ServicingTerms
from ledger.kernel.refusals import Refusal
from tests.reference import position as plain
from tests.reference.arithmetic import COMPONENTS
from tests.reference.facts import Refused
from tests.reference.loan import ReferenceLoan

REFUSALS = {
    "LEDGER_FACT_INVALID": "unsound",
    "LEDGER_FACT_REPEATED": "repeated",
    "LEDGER_FACT_REFERENCE_UNKNOWN": "unknown",
    "LEDGER_FACT_REVERSED_TWICE": "twice",
    "LEDGER_FACT_IMPOSSIBLE": "impossible",
    "LEDGER_RATE_TABLE_INVALID": "rates",
}
WORDS = ("status", "days_past_due", "non_accrual_since", "schedule_version", "category")
AMOUNTS = ("outstanding", "overpaid", "late_fees_not_charged")
BUCKETS = ("due", "paid", "waived", "moved", "unpaid")


def as_the_reference_says(loan: ReferenceLoan, on: date) -> dict[str, Any]:
    """Return everything that is compared, by the reference; a refusal by its word."""
    try:
        return what_the_reference_says(loan.on(on))
    except Refused as refused:
        return {"refused": refused.reason}


def what_the_reference_says(found: plain.Position) -> dict[str, Any]:
    """Return what is compared of a position of the reference."""
    return {
        **{f"row {at} {row.name}": _row(row) for at, row in enumerate(found.rows)},
        "money": [
            (use.name, use.on, use.amount, use.shares, use.early_fee, use.recovered, use.surplus)
            for use in found.money
        ],
        **{word: getattr(found, word) for word in (*WORDS, *AMOUNTS)},
        "waivers": list(found.waivers),
        "reversed": found.reversed_names,
        "payoff": found.payoff_total,
        "books": found.books,
    }


def _row(row: plain.RowPosition) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(row, name) for name in BUCKETS}
    return said | {
        "kind": row.kind,
        "dates": (row.starts_on, row.due_on, row.days_past_due),
        "earned": row.earned_interest,
    }


def as_the_product_says(terms: ServicingTerms, facts: list[kinds.Fact], on: date) -> dict[str, Any]:
    """Return everything that is compared, by the product."""
    try:
        return what_the_product_says(deriving.derive(terms, facts, on=on))
    except Refusal as refusal:
        return {"refused": REFUSALS.get(refusal.code, refusal.code)}


def what_the_product_says(found: Position) -> dict[str, Any]:
    """Return what is compared of a position of the product."""
    return {
        **{f"row {at} {row.name}": _row_of(row) for at, row in enumerate(found.rows)},
        "money": [
            (
                use.id,
                use.on,
                use.amount_minor,
                use.shares,
                use.early_fee_minor,
                use.recovered_minor,
                use.surplus_minor,
            )
            for use in found.money
        ],
        **_words_of(found),
        "waivers": [(one.id, one.asked_minor, one.waived_minor) for one in found.waivers],
        "reversed": found.reversed_ids,
        "payoff": found.payoff.total_minor if found.payoff else None,
        "books": dict(found.books.balances()),
    }


def _words_of(found: Position) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "days_past_due": found.days_past_due,
        "non_accrual_since": found.non_accrual_since,
        "schedule_version": found.schedule_version,
        "category": found.classification.category.value,
        **{word: getattr(found, f"{word}_minor") for word in AMOUNTS},
    }


def _row_of(row: PositionRow) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: {what: getattr(row, name).of(what) for what in COMPONENTS} for name in BUCKETS
    }
    return said | {
        "kind": row.kind.value,
        "dates": (row.starts_on, row.due_on, row.days_past_due),
        "earned": row.earned_interest_minor,
    }
