"""The conventions of a plan that replaces another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.new_plan import NewPlanUnsound, changed, repayment_of, require_plannable
from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.serving import plan_terms_of_loan
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms
from ledger.domain.plans.choices import Basis, Level
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Unit
from tests.unit.ledger.builders import INSTALMENTS

FORTNIGHTS = RepaymentTerms(
    method=ContractMethod.EQUAL_INSTALMENT, unit=Unit.WEEK, every=2, level=Level.LEVEL_EXACT
)


class TestTheConventionsOfALoan:
    @pytest.mark.parametrize("day_base", [360, 364, 365])
    def test_plan_the_plainest_loan_as_it_was_planned(self, day_base):
        terms = replace(INSTALMENTS, day_base=day_base)
        asked = {"principal_minor": 5_000_000, "start": date(2024, 3, 5)}
        again = plan_terms_of(
            repayment_of(terms, None), annual_rate_e8=terms.annual_rate_e8, term=terms.term, **asked
        )
        assert again == plan_terms_of_loan(terms, None, **asked)

    def test_are_those_that_were_agreed(self):
        agreed = LoanConventions(
            repayment=FORTNIGHTS, arrears=ArrearsTerms(), allocation=AllocationTerms(), early=EarlyTerms()
        )
        assert repayment_of(INSTALMENTS, agreed) == FORTNIGHTS


class TestChangedConventions:
    def test_are_the_loans_own_where_nothing_is_said(self):
        assert changed(FORTNIGHTS) == FORTNIGHTS
        by_365 = changed(FORTNIGHTS, day_count=DayCount.ACT_365F)
        assert by_365 == replace(FORTNIGHTS, day_count=DayCount.ACT_365F)

    def test_lose_what_means_nothing_to_a_new_method(self):
        found = changed(FORTNIGHTS, method=ContractMethod.EQUAL_PRINCIPAL)
        assert found == replace(FORTNIGHTS, method=ContractMethod.EQUAL_PRINCIPAL, level=None)

    def test_have_steps_of_their_own_in_another_unit(self):
        by_month = replace(FORTNIGHTS, unit=Unit.MONTH, every=1, fixed_day=15)
        assert changed(by_month, unit=Unit.MONTH) == by_month
        by_week = changed(by_month, unit=Unit.WEEK)
        assert (by_week.unit, by_week.every, by_week.fixed_day) == (Unit.WEEK, 1, None)
        assert changed(FORTNIGHTS, unit=Unit.MONTH, fixed_day=3).every == 1


class TestANewPlan:
    def test_of_sound_conventions_is_planned(self):
        require_plannable(FORTNIGHTS, field_of=str)

    @pytest.mark.parametrize(
        ("repayment", "field"),
        [
            (RepaymentTerms(method=ContractMethod.CUSTOM), "plan_method"),
            (RepaymentTerms(method=ContractMethod.REVOLVING_DAILY), "plan_method"),
            (replace(FORTNIGHTS, basis=Basis.PERIODIC), "plan_level"),
            (replace(FORTNIGHTS, fixed_day=3), "plan_fixed_day"),
        ],
    )
    def test_of_others_is_refused_with_the_field_by_the_callers_name(self, repayment, field):
        with pytest.raises(NewPlanUnsound) as refused:
            require_plannable(repayment, field_of=lambda name: f"plan_{name}")
        assert refused.value.field == field
