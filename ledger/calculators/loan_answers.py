"""A position of a loan as JSON, with how its figures came about.

Owns: names, amounts as text, and the sentences about interest, penalty and compound interest of each row.
Refuses to know: how a position is derived.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.calculators.wording import exact_money, money
from ledger.domain.allocation import STANDARD_ORDER, Buckets
from ledger.domain.servicing.claims import INTEREST, PRINCIPAL, Claim
from ledger.domain.servicing.differing import Adjustment
from ledger.domain.servicing.early import Payoff
from ledger.domain.servicing.growing import growth
from ledger.domain.servicing.position import MoneyUsed, Position, PositionRow
from ledger.domain.servicing.terms import ServicingTerms


def position_answer(position: Position, terms: ServicingTerms, *, currency: str) -> dict[str, Any]:
    """Return every figure of a position."""
    books = {name: money(minor, currency) for name, minor in position.books.balances() if minor}
    kind = position.classification
    rows = zip(position.rows, position.life.rows, strict=True)
    return {
        "status": position.status.value,
        "days_past_due": position.days_past_due,
        "bucket": kind.bucket,
        "category": kind.category.value,
        "category_because": list(kind.reasons),
        **_dates(position),
        "principal": {
            "disbursed": money(position.disbursed_minor, currency),
            "capitalised": money(position.capitalised_minor, currency),
            "owed_again": money(position.owed_again_minor, currency),
            "repaid": money(position.principal_repaid_minor, currency),
            "given_up": money(position.principal_given_up_minor, currency),
            **({"sold": money(position.principal_sold_minor, currency)} if position.sold_on else {}),
            "outstanding": money(position.outstanding_minor, currency),
        },
        "earned": _parts(position.earned, currency),
        "due": _parts(position.due, currency),
        "overdue": _parts(position.overdue, currency),
        "accrued_not_due": money(position.accrued_not_due_minor, currency),
        "overpaid": money(position.overpaid_minor, currency),
        "late_fees_not_charged": money(position.late_fees_not_charged_minor, currency),
        "payoff": _payoff(position.payoff, currency),
        "rows": [_row(row, claim, position, terms, currency) for row, claim in rows],
        "money": [_money(used, currency) for used in position.money],
        "waivers": [
            {
                "id": one.id,
                "asked": money(one.asked_minor, currency),
                "waived": money(one.waived_minor, currency),
            }
            for one in position.waivers
        ],
        "reversed": list(position.reversed_ids),
        "schedule_version": position.schedule_version,
        "books": books,
    }


def growth_answer(position: Position, *, currency: str) -> list[dict[str, Any]]:
    """Return how every row goes on growing if nothing more happens."""
    return [
        {
            "row": one.row,
            "kind": one.kind,
            "from": one.starts_on.isoformat(),
            "until": one.ends_on.isoformat() if one.ends_on else None,
            "earned_before": money(one.earned_before_minor, currency),
            "at_start": exact_money(
                Fraction(one.carry_numerator, one.denominator) + one.fixed_minor, currency
            ),
            "per_day": exact_money(Fraction(one.per_day_numerator, one.denominator), currency),
            "numerator_per_day": str(one.per_day_numerator),
            "denominator": str(one.denominator),
        }
        for one in growth(position)
    ]


def adjustments_answer(adjustments: Iterable[Adjustment], *, currency: str) -> list[dict[str, str]]:
    """Return what has to be posted on the day."""
    return [
        {"component": one.component, "side": one.side, "amount": money(one.amount_minor, currency)}
        for one in adjustments
    ]


def _dates(position: Position) -> dict[str, str]:
    dates = {
        "oldest_due_on": position.oldest_due_on,
        "matures_on": position.matures_on,
        "non_accrual_since": position.non_accrual_since,
        "charged_off_on": position.charged_off_on,
        "given_up_on": position.given_up_on,
        "sold_on": position.sold_on,
    }
    return {name: on.isoformat() for name, on in dates.items() if on is not None}


def _parts(amounts: Buckets, currency: str) -> dict[str, str]:
    parts = {bucket: money(amounts.of(bucket), currency) for bucket in STANDARD_ORDER if amounts.of(bucket)}
    return {**parts, "total": money(amounts.total_minor, currency)}


def _payoff(payoff: Payoff | None, currency: str) -> dict[str, str] | None:
    if payoff is None:
        return None
    return {
        "due": money(sum(payoff.due), currency),
        "broken_interest": money(payoff.broken_interest_minor, currency),
        "charges_to_come": money(payoff.charges_to_come_minor, currency),
        "principal_to_come": money(payoff.principal_to_come_minor, currency),
        "fee": money(payoff.fee_minor, currency),
        "total": money(payoff.total_minor, currency),
    }


def _row(
    row: PositionRow, claim: Claim, position: Position, terms: ServicingTerms, currency: str
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "name": row.name,
        "kind": row.kind.value,
        "starts_on": row.starts_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "days_past_due": row.days_past_due,
        "asked": _parts(row.due, currency),
        "paid": _parts(row.paid, currency),
    }
    for name, amounts in (("waived", row.waived), ("moved", row.moved)):
        if any(amounts.of(bucket) for bucket in STANDARD_ORDER):
            answer[name] = _parts(amounts, currency)
    answer["unpaid"] = _parts(row.unpaid, currency)
    answer["earned_interest"] = money(row.earned_interest_minor, currency)
    if row.settled_on is not None:
        answer["settled_on"] = row.settled_on.isoformat()
    answer["how"] = _how(claim, position, terms, currency)
    return answer


def _how(claim: Claim, position: Position, terms: ServicingTerms, currency: str) -> str:
    on, life = position.on, position.life
    sentences = [_interest(claim, on, currency)]
    if on > claim.grace_ends:
        unit = life.paces.penalty.denominator
        penalty = Fraction(claim.penalty_exact_by(on, life.paces), unit)
        compound = Fraction(claim.compound_exact_by(on, life.paces, life.matures_on), unit)
        if penalty or compound:
            principal = money(claim.amounts[PRINCIPAL] - claim.gone[PRINCIPAL], currency)
            sentences.append(
                f"charged from {claim.charged_from} after grace until {claim.grace_ends}, actual days over"
                f" {terms.overdue.day_base}: penalty {exact_money(penalty, currency)} (principal still unpaid"
                f" {principal}), compound {exact_money(compound, currency)}, each rounded half up in total"
            )
    return "; ".join(sentences)


def _interest(claim: Claim, on: date, currency: str) -> str:
    if claim.daily is not None:
        exact = Fraction(claim.interest_exact_by(on), claim.daily.denominator)
        until = min(on, claim.due_on)
        return f"interest by the day until {until}: {exact_money(exact, currency)}, rounded half up in total"
    if not claim.amounts[INTEREST]:
        return "no interest of its own"
    planned = money(claim.amounts[INTEREST], currency)
    if on >= claim.due_on:
        return f"interest {planned} as planned, earned in full"
    return f"interest {planned} as planned, earned evenly over its days"


def _money(used: MoneyUsed, currency: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": used.id,
        "on": used.on.isoformat(),
        "kind": used.kind,
        "amount": money(used.amount_minor, currency),
        "did": used.did,
        "days_past_due": used.days_past_due,
        "principal_first": used.principal_first,
        "order_used": list(used.order),
        "shares": [
            {"row": row, "part": part, "amount": money(minor, currency)} for row, part, minor in used.shares
        ],
        "overpaid": money(used.surplus_minor, currency),
    }
    for name, minor in (("early_fee", used.early_fee_minor), ("recovered", used.recovered_minor)):
        if minor:
            answer[name] = money(minor, currency)
    return answer
