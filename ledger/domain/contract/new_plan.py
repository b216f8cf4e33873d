"""The conventions of a plan that replaces another one.

Owns: which conventions a loan has by itself, how some of them are replaced, and which of the outcome cannot be
planned.
Refuses to know: rates, rows and dates of a plan, how its fields are written, and who may ask for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.repayment_terms import MEANINGFUL, ContractMethod, RepaymentTerms
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.plans.choices import Basis
from ledger.kernel.day_count import DayCount
from ledger.kernel.refusals import Refusal, RefusalKind

_DAY_COUNTS: Final = {360: DayCount.ACT_360, 364: DayCount.ACT_364, 365: DayCount.ACT_365F}
# Steps of another unit have a number and a day of their own.
_OF_UNIT: Final = frozenset({"every", "fixed_day", "end_of_month"})


class NewPlanUnsound(Refusal):
    """The conventions of the new plan contradict each other."""

    code = "LEDGER_NEW_PLAN_UNSOUND"
    kind = RefusalKind.INVALID


def repayment_of(terms: LoanTerms, conventions: LoanConventions | None) -> RepaymentTerms:
    """Return the conventions by which a loan is planned; the plainest loans keep none and mean whole months."""
    if conventions is not None:
        return conventions.repayment
    return RepaymentTerms(
        method=ContractMethod.EQUAL_INSTALMENT,
        basis=Basis.PERIODIC,
        day_count=_DAY_COUNTS[terms.day_base],
    )


def changed(own: RepaymentTerms, **said: Any) -> RepaymentTerms:
    """Return a loan's conventions with those that are said; what means nothing to a new method falls away."""
    method = said.get("method", own.method)
    kept = {
        one.name: getattr(own, one.name)
        for one in fields(own)
        if method in MEANINGFUL.get(one.name, frozenset({method}))
    }
    if said.get("unit", own.unit) is not own.unit:
        kept = {name: value for name, value in kept.items() if name not in _OF_UNIT}
    return RepaymentTerms(**{**kept, **said})


def require_plannable(repayment: RepaymentTerms, *, field_of: Callable[[str], str]) -> None:
    """Refuse NewPlanUnsound, with the field as ``field_of`` calls it."""
    is_planned = repayment.method not in (ContractMethod.CUSTOM, ContractMethod.REVOLVING_DAILY)
    findings = [
        ("method", is_planned, "A new plan has rows of its own, neither agreed batches nor draws."),
        *repayment.findings(),
    ]
    for name, is_sound, what in findings:
        if not is_sound:
            raise NewPlanUnsound(what, field=field_of(name))
