"""A new plan as the old books of a loan tell it: what was agreed anew, the rest being the loan's own.

Owns: how it is completed by the conventions of the loan, and to which fact it belongs.
Refuses to know: how it is written down, and what the loan comes to by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.domain.contract.new_plan import NewPlanUnsound, changed, require_plannable
from ledger.domain.contract.repayment_terms import RepaymentTerms
from ledger.domain.loan_record import FactKind, NewPlan, RecordedFact


@dataclass(frozen=True, kw_only=True)
class ToldPlan:
    """The plan of the change that is told as ``fact_id``; ``term`` counts its rows, ``conventions`` go by the
    names of ``RepaymentTerms``.
    """

    fact_id: str
    annual_rate_e8: int
    term: int
    conventions: dict[str, Any] = field(default_factory=dict)

    def completed(self, own: RepaymentTerms) -> NewPlan:
        """Return the plan. Refuses NewPlanUnsound, which names the fact."""
        repayment = changed(own, **self.conventions)
        try:
            require_plannable(repayment, field_of=lambda name: f"plan_{name}")
        except NewPlanUnsound as refusal:
            refusal.details.setdefault("id", self.fact_id)
            raise
        return NewPlan(repayment=repayment, annual_rate_e8=self.annual_rate_e8, term=self.term)


def with_plans(
    facts: Sequence[RecordedFact], plans: Sequence[ToldPlan], *, own: RepaymentTerms
) -> tuple[RecordedFact, ...]:
    """Return the facts, changes of the plan with their new plans. Refuses NewPlanUnsound."""
    told = {plan.fact_id: plan for plan in plans}
    return tuple(
        replace(fact, plan=told[fact.id].completed(own))
        if fact.kind is FactKind.PLAN_CHANGED and fact.id in told
        else fact
        for fact in facts
    )
