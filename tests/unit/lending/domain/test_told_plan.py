"""New plans as the old books of a loan tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.contract.new_plan import NewPlanUnsound
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_record import FactKind, NewPlan, recorded
from ledger.kernel.day_count import DayCount
from lending.domain.told_plan import ToldPlan, with_plans

OWN = RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT, day_count=DayCount.ACT_365F)
TOLD = ToldPlan(fact_id="N-1", annual_rate_e8=9_000_000, term=4)
ON = date(2024, 3, 5)
CHANGE = recorded(FactKind.PLAN_CHANGED, fact_id="N-1", value_date=ON, change="re_age")


class TestAToldPlan:
    def test_is_completed_by_the_conventions_of_the_loan(self):
        by_principal = replace(TOLD, conventions={"method": ContractMethod.EQUAL_PRINCIPAL})
        assert by_principal.completed(OWN) == NewPlan(
            repayment=replace(OWN, method=ContractMethod.EQUAL_PRINCIPAL), annual_rate_e8=9_000_000, term=4
        )

    def test_that_cannot_be_planned_is_refused_with_the_fact_it_belongs_to(self):
        with pytest.raises(NewPlanUnsound) as refused:
            replace(TOLD, conventions={"every": 0}).completed(OWN)
        assert (refused.value.field, refused.value.details["id"]) == ("plan_every", "N-1")


class TestFactsWithPlans:
    def test_have_each_plan_where_it_was_told(self):
        other = replace(CHANGE, id="N-2")
        assert with_plans((CHANGE, other), (TOLD,), own=OWN) == (
            replace(CHANGE, plan=TOLD.completed(OWN)),
            other,
        )

    def test_leave_another_kind_of_the_same_name_alone(self):
        # The loan refuses the repeated name; a plan it has no place for would be a fault.
        paid = recorded(FactKind.PAYMENT_RECEIVED, fact_id="N-1", value_date=ON, amount_minor=100)
        assert with_plans((paid,), (TOLD,), own=OWN) == (paid,)
