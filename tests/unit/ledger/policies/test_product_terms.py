"""Products: what is sound, what is offered, and which version is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.loan_terms import LoanTerms
from ledger.policies.product_terms import (
    CATALOGUE,
    AmountOutsideProduct,
    ProductTermsInvalid,
    ProductUnknown,
    TermNotOffered,
    product_in_force,
)

INSTALMENTS, REVOLVING = CATALOGUE


class TestProductTerms:
    @pytest.mark.parametrize(
        "unsound",
        [
            {"code": ""},
            {"version": 0},
            {"method": "bullet"},
            {"annual_rate_e8": -1},
            {"annual_rate_e8": 24_000_001},
            {"day_base": 364},
            {"terms_offered": ()},
            {"terms_offered": (0,)},
            {"terms_offered": (61,)},
            {"amount_minor_min": 0},
            {"amount_minor_min": 2, "amount_minor_max": 1},
            {"penalty_uplift_e8": -1},
            {"penalty_uplift_e8": 100_000_001},
            {"grace_days": -1},
            {"grace_days": 31},
            {"early_fee_e8": -1},
            {"early_fee_e8": 10_000_001},
            {"allocation_order": ("principal",)},
            {"allocation_order": ("fee", "fee", "penalty", "compound", "interest")},
            {"principal_first_after_dpd": -1},
            {"prepayment_mode": "skip"},
        ],
    )
    def test_refuse_unsound_parameters_by_field(self, unsound):
        with pytest.raises(ProductTermsInvalid) as refused:
            replace(INSTALMENTS, **unsound)
        assert refused.value.field in unsound

    def test_refuse_a_fee_for_repaying_a_revolving_draw(self):
        with pytest.raises(ProductTermsInvalid):
            replace(REVOLVING, early_fee_e8=1)

    @pytest.mark.parametrize("term", [0, 1, 4, 24])
    def test_refuse_a_term_that_is_not_offered(self, term):
        with pytest.raises(TermNotOffered):
            INSTALMENTS.require_term(term)

    @pytest.mark.parametrize("amount_minor", [0, 99_999, 100_000_001])
    def test_refuse_an_amount_outside_their_bounds(self, amount_minor):
        with pytest.raises(AmountOutsideProduct):
            INSTALMENTS.require_amount(amount_minor)

    def test_accept_their_own_bounds(self):
        for product in CATALOGUE:
            product.require_amount(product.amount_minor_min)
            product.require_amount(product.amount_minor_max)
            for term in product.terms_offered:
                product.require_term(term)

    @pytest.mark.parametrize("product", CATALOGUE)
    def test_cost_at_most_fifty_a_day_on_a_hundred_thousand(self, product):
        assert 10_000_000 * product.annual_rate_e8 <= 5_000 * 10**8 * product.day_base

    @pytest.mark.parametrize("product", CATALOGUE)
    def test_become_the_terms_of_one_loan(self, product):
        terms = LoanTerms.agreed(product=product, currency="CNY", term=product.terms_offered[0])
        assert (terms.product_code, terms.product_version) == (product.code, product.version)
        assert terms.penalty_rate_e8 == 21_600_000
        assert terms.is_revolving is (product.method == "revolving_daily")


class TestProductInForce:
    def test_is_the_latest_version_that_has_begun(self):
        later = replace(REVOLVING, version=2, effective_from=date(2025, 1, 1), annual_rate_e8=12_000_000)
        catalogue = (later, *CATALOGUE)
        found = [
            product_in_force("revolving-daily", on=on, catalogue=catalogue).version
            for on in (REVOLVING.effective_from, date(2024, 12, 31), date(2025, 1, 1))
        ]
        assert found == [1, 1, 2]

    @pytest.mark.parametrize(
        ("code", "on"),
        [
            ("payday", date(2024, 6, 1)),
            ("revolving-daily", REVOLVING.effective_from - timedelta(days=1)),
        ],
    )
    def test_refuses_an_unknown_product_or_date(self, code, on):
        with pytest.raises(ProductUnknown):
            product_in_force(code, on=on)
