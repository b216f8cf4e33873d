"""From the conventions of a loan to the terms of its plan."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms


class TestPlanTermsOf:
    def test_round_a_share_of_the_principal_down_to_the_multiple(self):
        repayment = RepaymentTerms(
            method=ContractMethod.EQUAL_PRINCIPAL, multiple_minor=100, down_payment_share_e8=33_333_333
        )
        terms = plan_terms_of(
            repayment, principal_minor=100_000, annual_rate_e8=0, start=date(2024, 3, 5), term=3
        )
        assert terms.down_payment_minor == 33_300

    def test_of_a_revolving_draw_are_a_fault(self):
        revolving = RepaymentTerms(method=ContractMethod.REVOLVING_DAILY)
        with pytest.raises(ValueError, match="not planned"):
            plan_terms_of(revolving, principal_minor=1, annual_rate_e8=0, start=date(2024, 3, 5), term=30)
