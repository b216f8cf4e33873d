"""What changes of a plan mean for the loan, and which amounts each of them moved.

Owns: which kinds are concessions, which changes are still in force, and the shape of flags and figures.
Refuses to know: the rules of restructuring and classification, and how rows are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.calculators.restructure_changes import notice_of, parts_of
from ledger.calculators.wording import money, number
from ledger.domain.plan_changes.acceleration import penalty_rate
from ledger.domain.plan_changes.earned_interest import earned_interest
from ledger.domain.plan_changes.payments import Payments, days_past_due, unpaid_rows
from ledger.domain.plan_changes.standing import standing_on
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion
from ledger.kernel.rates import format_rate
from ledger.policies.classification import Scheme
from ledger.policies.restructuring import RestructuringFlags, restructuring_flags

# Kinds that no borrower is granted: they carry out the contract, or go back on a change.
_NO_CONCESSIONS: Final = frozenset({ChangeKind.DISBURSE, ChangeKind.ACCELERATE, ChangeKind.UNDO})


@dataclass(frozen=True)
class Step:
    """A change, the versions before and after it, and what was paid by then."""

    change: Mapping[str, Any]
    before: PlanVersion
    after: PlanVersion
    payments: Payments


def flags_answer(values: Mapping[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """Return what follows from the last restructuring in force, or from the last change."""
    found = [(_flags_of(values, step), step) for step in _in_force(steps)]
    restructured = [flags for flags, _ in found if flags.is_restructured]
    flags = restructured[-1] if restructured else (found[-1][0] if found else None)
    return {
        "restructured": bool(restructured),
        "category_min": flags.category_min.value if flags else "normal",
        "observed_until": flags.observed_until.isoformat() if flags and flags.observed_until else None,
        "why": flags.why if flags else "no_change_in_force",
    }


def _in_force(steps: Sequence[Step]) -> list[Step]:
    """Return the changes that were not undone."""
    kept: list[Step] = []
    for step in steps:
        if step.after.kind is ChangeKind.UNDO:
            kept.pop()
        else:
            kept.append(step)
    return kept


def _flags_of(values: Mapping[str, Any], step: Step) -> RestructuringFlags:
    on = step.change["on"]
    return restructuring_flags(
        on=on,
        is_concession=_is_concession(step),
        days_past_due=_days_past_due(step),
        for_hardship=values["hardship"],
        due_dates_after=[row.period.due_on for row in step.after.rows if row.period.due_on > on],
        scheme=Scheme(values["scheme"]),
    )


def _days_past_due(step: Step) -> int:
    due = standing_on(step.before, on=step.change["on"]).due
    return days_past_due(unpaid_rows(due, payments=step.payments), on=step.change["on"])


def _is_concession(step: Step) -> bool:
    kind, on = step.after.kind, step.change["on"]
    if kind is ChangeKind.RATE_CHANGE:
        # Published rates carry out what was agreed; only a rate of its own can be a favour.
        lower = step.after.terms.rates.contract_rate(on) < step.before.terms.rates.contract_rate(on)
        return step.change["rates"] is None and lower
    return kind not in _NO_CONCESSIONS


def figures_answer(step: Step, *, currency: str) -> dict[str, Any]:
    """Return the amounts a change moved, and from what."""
    before, after, on = step.before, step.after, step.change["on"]
    figures: dict[str, Any] = {"version": after.number, "kind": after.kind.value}
    if after.kind is ChangeKind.UNDO:
        return figures
    standing = standing_on(before, on=on)
    unpaid = unpaid_rows(standing.due, payments=step.payments)
    earned = earned_interest(standing, unpaid=unpaid)
    figures |= {
        "days_past_due": days_past_due(unpaid, on=on),
        "principal_to_come": money(standing.balance_minor, currency),
        "overdue_principal": money(sum(item.principal_minor for item in unpaid), currency),
        "overdue_interest": money(earned.overdue_minor, currency),
        "interest_put_off": money(earned.put_off_minor, currency),
        "accrued_interest": money(earned.accrued_minor, currency),
    }
    if after.kind in (ChangeKind.CAPITALISE, ChangeKind.FORGIVE):
        figures["amount"] = money(earned.of(parts_of(step.change)), currency)
    if after.kind is ChangeKind.RATE_CHANGE:
        figures["rates"] = _rates(after, since=on)
    if after.kind is ChangeKind.ACCELERATE:
        rate = penalty_rate(after.terms, on=after.maturity, notice=notice_of(step.change))
        figures |= {"due_on": after.maturity.isoformat(), "penalty_rate": number(rate)}
    return figures


def _rates(version: PlanVersion, *, since: date) -> list[dict[str, str]]:
    """Return the contract's rates from a day on."""
    return [
        {"from": step.effective_from.isoformat(), "annual_rate": format_rate(step.rate_e8)}
        for step in version.terms.rates.steps
        if step.effective_from >= since
    ]
