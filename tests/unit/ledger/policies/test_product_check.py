"""A product as a whole: no plan whose balance grows, and no loan dearer than the ceiling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import EarlyTerms
from ledger.domain.plans.choices import Basis, Level
from ledger.kernel.frequencies import Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_check import check_product
from ledger.policies.product_pricing import PricingTerms
from ledger.policies.product_terms import OfferTerms, ProductTerms, ProductTermsInvalid
from ledger.policies.rate_ceiling import CeilingKind


def product(method="equal_instalment", *, rate=14_400_000, terms=(6, 12), least=100_000, fee=0, **repayment):
    return ProductTerms(
        code="tried",
        version=1,
        effective_from=date(2024, 1, 1),
        offer=OfferTerms(terms=terms, amount_minor_min=least, amount_minor_max=100_000_000),
        pricing=PricingTerms(annual_rate_e8=rate),
        repayment=RepaymentTerms(method=ContractMethod(method), **repayment),
        early=EarlyTerms(fee_e8=fee, modes=()),
    )


@pytest.mark.parametrize("shipped", CATALOGUE, ids=lambda shipped: shipped.code)
def test_a_shipped_product_passes(shipped):
    dearest = check_product(shipped)
    assert dearest.annual_rate <= 24
    assert dearest.term in shipped.offer.terms


class TestTheCost:
    @pytest.mark.parametrize(
        ("tried", "percent"),
        [
            # Whole months at 14.4% cost 1.2% a month; by days over 360 the leap year 2024 has 366 of them.
            (product(basis=Basis.PERIODIC), "14.40"),
            (product("interest_only", terms=(12,)), "14.64"),
            # A flat rate hides what it costs: 1% a month on all of it while it is repaid.
            (product("flat", rate=12_000_000, terms=(12,), basis=Basis.PERIODIC), "21.46"),
            (product("bullet", terms=(1,)), "14.88"),
            (product(rate=0), "0.00"),
        ],
    )
    def test_is_the_internal_rate_of_the_dearest_term(self, tried, percent):
        assert f"{check_product(tried).annual_rate * 100:.2f}" == percent

    @pytest.mark.parametrize(
        ("tried", "field"),
        [
            (product("flat", rate=14_000_000, terms=(12,), basis=Basis.PERIODIC), "pricing.own_ceiling"),
            (product("interest_only", rate=24_000_000), "pricing.own_ceiling"),
            (product("revolving_daily", rate=23_900_000, terms=(30,)), "pricing.own_ceiling"),
            (product(fee=3_000_000, terms=(3,)), "early.fee"),
        ],
    )
    def test_above_the_ceiling_is_refused_by_the_field(self, tried, field):
        with pytest.raises(ProductTermsInvalid) as refused:
            check_product(tried)
        assert refused.value.field == field

    def test_counts_the_early_fee_as_paid_half_way(self):
        """Of three months, 1.5% half-way makes 23.66% a year of 14.4%, and 2% makes 26.66%."""
        check_product(product(fee=1_500_000, terms=(3,)))
        with pytest.raises(ProductTermsInvalid):
            check_product(product(fee=2_000_000, terms=(3,)))

    def test_keeps_the_lower_of_both_ceilings(self):
        private = PricingTerms(annual_rate_e8=13_700_000, ceiling=CeilingKind.PRIVATE_LENDING)
        check_product(replace(product(basis=Basis.PERIODIC), pricing=private))
        with pytest.raises(ProductTermsInvalid):
            check_product(replace(product("interest_only"), pricing=private))


class TestABalance:
    @pytest.mark.parametrize(
        ("tried", "field"),
        [
            # The first period to a fixed day has up to 45 days: more than the instalment of five years covers.
            (
                product(
                    rate=22_800_000,
                    terms=(60,),
                    fixed_day=20,
                    level=Level.ANNUITY_PERIODIC,
                ),
                "offer.terms",
            ),
            (product(rate=22_000_000, terms=(360,)), "offer.terms"),
            # Rounded to whole tens, the instalment of the least amount is nothing.
            (product(least=2_000, terms=(12,), multiple_minor=1_000), "offer.terms"),
            (product(least=30_000, terms=(12,), multiple_minor=1_500), "offer.amount_min"),
            (product(least=12, rate=0, terms=(12,)), "offer.amount_min"),
            (
                product("flat", least=12, terms=(12,), basis=Basis.PERIODIC, rate=10_000_000),
                "offer.amount_min",
            ),
            (
                product("equal_principal", least=5_000, terms=(24,), multiple_minor=100, first_absorbs=True),
                None,
            ),
        ],
    )
    def test_that_would_grow_somewhere_is_refused(self, tried, field):
        with pytest.raises(ProductTermsInvalid) as refused:
            check_product(tried)
        assert refused.value.field == (field or "repayment.first_absorbs")

    def test_that_falls_everywhere_is_accepted_with_every_convention(self):
        check_product(
            product(
                terms=(12, 24),
                fixed_day=20,
                holiday_rule="following",
                calendar="CN",
                balloon_share_e8=RATE_UNIT // 5,
                down_payment_share_e8=RATE_UNIT // 10,
                grace_principal_rows=2,
                multiple_minor=100,
            )
        )

    def test_over_weeks_is_looked_at_by_weeks(self):
        cost = check_product(product("equal_principal", unit=Unit.WEEK, every=2, terms=(13, 26))).annual_rate
        assert f"{cost:.4f}" == "0.1456"  # 14 days over 360, 26 times


def test_batches_without_room_are_refused():
    with pytest.raises(ProductTermsInvalid) as refused:
        check_product(product("custom", terms=(5,), batch_gap_days_min=10, batch_span_days_max=40))
    assert refused.value.field == "repayment.batch_span_days_max"
