"""Plans as JSON: every row with how its figures came about.

Owns: the shape of rows and totals in answers. Refuses to know: how rows are computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ledger.calculators.wording import exact_money, factor, money
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rows import Plan, PlanRow
from ledger.domain.plans.terms import PlanTerms


def plan_answer(terms: PlanTerms, plan: Plan, *, currency: str) -> dict[str, Any]:
    """Return rows, totals, and each equal instalment before it was rounded."""
    levels = [
        {
            "from_row": number,
            "exact": exact_money(level, currency),
            "how": "(balance x growth of one unit - balloon) / growth of one unit paid in each row",
        }
        for number, level in plan.levels
        if terms.method is not Method.FLAT
    ]
    return {
        "rows": rows_answer(plan.rows, terms, currency=currency),
        "totals": totals_answer(plan.rows, currency=currency),
        **({"levels": levels} if levels else {}),
    }


def totals_answer(rows: Iterable[PlanRow], *, currency: str) -> dict[str, str]:
    """Return the sums over rows."""
    listed = list(rows)
    return {
        "principal": money(sum(row.principal_minor for row in listed), currency),
        "interest": money(sum(row.interest_minor for row in listed), currency),
        "total": money(sum(row.total_minor for row in listed), currency),
        "subsidy": money(sum(row.subsidy_minor for row in listed), currency),
    }


def rows_answer(rows: Iterable[PlanRow], terms: PlanTerms, *, currency: str) -> list[dict[str, Any]]:
    """Return each row of a plan."""
    return [_row(row, terms, currency) for row in rows]


def row_figures(row: PlanRow, *, currency: str) -> dict[str, Any]:
    """Return the dates and amounts that every row of every plan has."""
    period = row.period
    figures: dict[str, Any] = {
        "number": period.number,
        "kind": row.kind,
        "starts_on": period.starts_on.isoformat(),
        "due_on": period.due_on.isoformat(),
        "pay_by": period.pay_by.isoformat(),
        "days": period.days,
        "opening": money(row.opening_minor, currency),
        "principal": money(row.principal_minor, currency),
        "interest": money(row.interest_minor, currency),
        "total": money(row.total_minor, currency),
        "closing": money(row.closing_minor, currency),
    }
    if row.capitalised_minor:
        figures["capitalised"] = money(row.capitalised_minor, currency)
    return figures


def _row(row: PlanRow, terms: PlanTerms, currency: str) -> dict[str, Any]:
    period, answer = row.period, row_figures(row, currency=currency)
    if terms.rates.promotions:
        answer["subsidy"] = money(row.subsidy_minor, currency)
    if any(terms.calendar.is_provisional(on) for on in (period.planned_on, period.due_on)):
        answer["provisional"] = True
    if period.pieces:
        answer["how"] = _how(row, terms, currency)
    return answer


def _how(row: PlanRow, terms: PlanTerms, currency: str) -> str:
    base = terms.financed_minor if terms.method is Method.FLAT else row.opening_minor
    exact: Fraction = base * row.period.factor
    sentence = (
        f"{money(base, currency)} x {factor(row.period.pieces)} = {exact_money(exact, currency)},"
        f" {terms.rounding} {money(row.accrued_minor, currency)}"
    )
    if row.accrued_minor != row.interest_minor:
        sentence += f"; due with this row {money(row.interest_minor, currency)}"
    if row.level_minor is not None:
        sentence += f"; instalment {money(row.level_minor, currency)}"
    return sentence
