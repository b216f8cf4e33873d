"""Versions of a plan as JSON: rows with how they came about, and what differs from the agreed plan.

Owns: the shape of versions, rows and differences. Refuses to know: how a change makes rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ledger.calculators.plan_answers import row_figures
from ledger.calculators.wording import exact_money, money, number
from ledger.domain.plan_changes.fingerprint import fingerprint
from ledger.domain.plan_changes.versions import ChangedRow, PlanVersion
from ledger.domain.plan_changes.weighing import weight_of
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rows import FactorPiece, PlanRow


def version_answer(version: PlanVersion, *, change: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what names a version, and the one it replaces."""
    answer: dict[str, Any] = {
        "version": version.number,
        "kind": version.kind.value,
        "on": version.on.isoformat(),
        "fingerprint": fingerprint(version.rows),
        "replaces": version.replaces.number if version.replaces else None,
    }
    if version.restores is not None:
        answer["restores"] = version.restores.number
    if change and change["reason"] is not None:
        answer["reason"] = change["reason"]
    return answer


def version_rows(version: PlanVersion, *, currency: str) -> list[dict[str, Any]]:
    """Return every row of a version; those that were due before the change are kept."""
    return [
        _row(version, row, currency=currency, is_before=at < version.first_row)
        for at, row in enumerate(version.rows)
    ]


def version_totals(version: PlanVersion, *, currency: str) -> dict[str, str]:
    """Return the sums over all rows."""
    fees = sum(_fee(row) for row in version.rows)
    totals = {
        "principal": sum(row.principal_minor for row in version.rows),
        "interest": sum(row.interest_minor for row in version.rows),
        "total": sum(row.total_minor for row in version.rows),
    }
    if fees:
        totals["fees"] = fees
    return {name: money(minor, currency) for name, minor in totals.items()}


def differences(old: PlanVersion, new: PlanVersion, *, currency: str) -> dict[str, Any]:
    """Return which rows differ, from what to what, and by how much the sums differ."""
    before, after = _by_number(old.rows, currency), _by_number(new.rows, currency)
    rows = [
        {"number": name, "before": before.get(name), "after": after.get(name)}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    sums = {
        name: money(
            sum(getattr(row, f"{name}_minor") for row in new.rows)
            - sum(getattr(row, f"{name}_minor") for row in old.rows),
            currency,
        )
        for name in ("principal", "interest", "total")
    }
    maturity = {"before": old.maturity.isoformat(), "after": new.maturity.isoformat()}
    return {"rows": rows, **sums, "maturity": maturity}


def _by_number(rows: Sequence[PlanRow], currency: str) -> dict[int, dict[str, str]]:
    return {
        row.period.number: {
            "due_on": row.period.due_on.isoformat(),
            "principal": money(row.principal_minor, currency),
            "interest": money(row.interest_minor, currency),
            "total": money(row.total_minor, currency),
        }
        for row in rows
    }


def _row(version: PlanVersion, row: PlanRow, *, currency: str, is_before: bool) -> dict[str, Any]:
    """Return one row; a row from before the version was made by other terms, so these do not explain it."""
    period = row.period
    answer = row_figures(row, currency=currency)
    answer["kept"] = is_before or period.due_on <= version.on
    if isinstance(row, ChangedRow):
        answer["carried_interest"] = money(row.carried_interest_minor, currency)
        answer["fees"] = money(row.fee_minor, currency)
    if period.pieces and not is_before:
        answer["how"] = _how(version, row, currency)
    return answer


def _how(version: PlanVersion, row: PlanRow, currency: str) -> str:
    is_flat = version.terms.method is Method.FLAT
    base = version.terms.financed_minor if is_flat else row.opening_minor
    exact: Fraction = base * row.period.factor
    terms = " + ".join(_term(base, piece, currency) for piece in row.period.pieces)
    earned = money(row.accrued_minor, currency)
    sentence = f"{terms} = {exact_money(exact, currency)}, {version.terms.rounding} {earned}"
    if row.interest_minor != row.accrued_minor:
        sentence += f"; due with this row {money(row.interest_minor, currency)}"
    if row.level_minor is not None:
        sentence += f"; instalment {money(row.level_minor, currency)}"
    return sentence


def _term(base_minor: int, piece: FactorPiece, currency: str) -> str:
    """Return balance x rate x part of a year, with the balance that stood during the piece."""
    weight = weight_of(piece)
    stood, part = base_minor * weight, piece.year_part / weight
    balance = money(int(stood), currency) if stood.denominator == 1 else exact_money(stood, currency)
    return f"{balance} x {number(piece.rate)} x {part}"


def _fee(row: PlanRow) -> int:
    return row.fee_minor if isinstance(row, ChangedRow) else 0
