"""A fact of the reference in the words of the command that records it."""

from __future__ import annotations

from typing import Any

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.plans.choices import Basis
from tests.reference.terms import PlanTerms

E8 = 10**8


def kind_of(what: str) -> FactKind:
    """Return the kind under which the product records a fact."""
    return FactKind("payment_received" if what == "payment" else what)


def said(says: dict[str, Any]) -> dict[str, Any]:
    """Return what a fact says as fields of the command."""
    fields: dict[str, Any] = {}
    for word, value in says.items():
        if word in ("amount", "price"):
            fields[f"{word}_minor"] = value
        elif word in ("rate", "share"):
            fields[f"{word}_e8"] = int(value * E8)
        else:
            fields[word] = _plan_of(value) if isinstance(value, PlanTerms) else value
    return fields


def _plan_of(plan: PlanTerms) -> NewPlan:
    return NewPlan(
        repayment=RepaymentTerms(
            method=ContractMethod(plan.method), basis=Basis.PERIODIC if plan.whole_steps else Basis.EXACT
        ),
        annual_rate_e8=int(plan.rate * E8),
        term=plan.count,
    )
